'use strict';

/*
 * What a client of the bridge does, in Node and in a browser, and what it saw. `place` has the bridge's url, the url of
 * the test's own pages, and the keys: `shop` may, `nobody` may nothing, `token` is one that was never seen before.
 */
async function scenario(EventBus, place) {
  const seen = {};
  const key = name => ({'X-API-Key': place[name]});
  const item = {item_id: 43};
  const bus = new EventBus(place.bridge, {
    vertxbus_reconnect_delay_min: 50,
    vertxbus_ping_interval: 200
  });
  bus.enableReconnect(true);
  const unhandled = [];
  bus.onerror = error => unhandled.push(error);
  bus.onunhandled = message => unhandled.push(message); // of the newer client; the other one writes to the console
  const warn = console.warn;
  console.warn = (text, message) => unhandled.push(message);

  const opened = () => new Promise(resolve => { bus.onopen = resolve; });
  const send = (address, body, headers) => new Promise(resolve =>
    bus.send(address, body, headers, (error, answer) => resolve(error ? error : answer.body)));
  const next = (address, headers) => new Promise(resolve =>
    bus.registerHandler(address, headers, (error, message) => resolve(error ? error : message.body)));

  await opened();
  seen.transport = bus.sockJSConn.transport;
  seen.label = (await send('augur.pipelines.wine', item, key('shop'))).label;
  seen.invalid = await send('augur.pipelines.wine', {}, key('shop'));
  seen.refused = await send('augur.prediction-log', item, key('shop'));
  seen.unknown = await send('augur.pipelines.wine', item, {});
  seen.forbidden = await send('augur.pipelines.wine', item, key('nobody'));
  seen.missing = await send('augur.models.none', item, key('shop'));
  seen.deaf = await next('augur.pipelines.wine', key('shop'));

  // Registered and taken back in one turn, as frameworks do: news that come before an answer would be unhandled.
  const nothing = () => unhandled.push('news');
  const token = () => ({Authorization: 'Bearer ' + place.token});
  bus.registerHandler('shop.news', token(), nothing);
  bus.unregisterHandler('shop.news', token(), nothing);
  await send('shop.ask', {}, token());
  seen.asked = await send('shop.ask', {}, token());

  bus.defaultHeaders = key('shop');
  const news = next('shop.news');
  bus.publish('shop.news', {text: 'ä€😀'});
  seen.news = (await news).text;

  const follow = async () => {
    const record = next('augur.predictions');
    const answer = await send('augur.pipelines.wine', item);
    return (await record).record_id === answer.record_id;
  };
  seen.followed = await follow();

  const again = opened();
  bus.send('shop.never', {}, () => unhandled.push('an answer to a connection that is lost'));
  await fetch(place.pages + '/cut', {method: 'POST'});
  await again;
  seen.followedAgain = await follow();

  const closed = new Promise(resolve => { bus.onclose = event => resolve(event.code); });
  bus.close();
  seen.closed = await closed;
  console.warn = warn;
  seen.unhandled = unhandled;
  return seen;
}

if (typeof module !== 'undefined') {
  module.exports = scenario;
}
