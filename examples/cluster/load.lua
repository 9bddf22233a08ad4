-- For wrk: requests of one method, each connection's so many milliseconds after its last answer. At the end one line:
-- answers, answers that say an error, requests without an answer, and the latency in ms below which 99 % are.
function init(arguments)
  wrk.method = arguments[1]
  pause = tonumber(arguments[2])
end

function delay()
  return pause
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("result %d %d %d %.1f\n", summary.requests, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout, latency:percentile(99) / 1000))
end
