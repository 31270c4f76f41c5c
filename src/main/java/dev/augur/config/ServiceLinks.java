package dev.augur.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The variables that Kubernetes gives every container for each service of its namespace: a service called
 * {@code augur-http} makes one called {@code AUGUR_HTTP_PORT}, with a URL in it, which is no setting of ours.
 * Thread-safe.
 */
final class ServiceLinks {
    private static final String PORT = "_PORT";
    private static final Pattern URL = Pattern.compile("(tcp|udp|sctp)://.*");

    private ServiceLinks() {}

    /** The same environment without them. */
    static Map<String, String> without(Map<String, String> environment) {
        List<Pattern> links = environment.entrySet().stream()
                .filter(variable -> variable.getKey().endsWith(PORT)
                        && URL.matcher(variable.getValue()).matches())
                .map(variable ->
                        variable.getKey().substring(0, variable.getKey().length() - PORT.length()))
                .map(service -> Pattern.compile(Pattern.quote(service)
                        + "_(PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?|SERVICE_HOST|SERVICE_PORT(_.*)?)"))
                .toList();
        var others = new HashMap<>(environment);
        others.keySet().removeIf(name -> links.stream()
                .anyMatch(link -> link.matcher(name).matches()));
        return others;
    }
}
