-- For wrk: posts the lines of a file as JSON, one after the other, and prints what came of it in one line.
-- Usage: wrk … -s src/load/rows.lua URL -- FILE
local requests = {}
local last = 0

function init(args)
  for line in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("POST", nil, {["Content-Type"] = "application/json"}, line)
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end

function done(summary, latency)
  local failed = summary.errors
  print(string.format("RESULT requests=%d micros=%d p50=%d p99=%d connect=%d read=%d write=%d timeout=%d status=%d",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    failed.connect, failed.read, failed.write, failed.timeout, failed.status))
end
