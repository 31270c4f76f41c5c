'use strict';

/* node run.js <package> <place as JSON>: prints what the client saw, as JSON in the last line. */
const [name, place] = process.argv.slice(2);
require('./scenario.js')(require(name), JSON.parse(place)).then(
  seen => console.log(JSON.stringify(seen)),
  error => {
    console.error(error);
    process.exitCode = 1;
  });
