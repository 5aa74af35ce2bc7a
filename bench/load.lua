-- What wrk asks: the paths of a file, one a line.
--     wrk -s load.lua URL -- FILE once|often THREADS [PAUSE]
-- once: each path in turn, every thread its own share, so that nothing repeats before the file is through.
-- often: the n-th path is drawn with a probability of about 1/n, as films are asked for by how well known they are.
-- PAUSE: milliseconds, on average, between the requests of a connection. A path behind a "!" has to be answered by 4xx.
-- Pages are asked for as a browser does, compressed.
-- Prints one line of JSON at the end.
local number = 0
local threads = {}

function setup(thread)
  thread:set("number", number)
  table.insert(threads, thread)
  number = number + 1
end

function init(args)
  paths, total, order, pause = {}, 0, args[2], tonumber(args[4] or 0)
  for line in io.lines(args[1]) do
    total = total + 1
    paths[total] = line
  end
  math.randomseed(number + 1)
  at = math.floor(total * number / tonumber(args[3]))
  ready, wrong, failed, refused, expected = {}, {}, 0, 0, 0
  for i, path in ipairs(paths) do
    if path:sub(1, 1) == "!" then
      paths[i], wrong[i] = path:sub(2), true
    end
  end
  if pause > 0 then
    delay = function() return math.random(0, 2 * pause) end
  end
  if next(wrong) then
    response = function(status)
      if status >= 500 then failed = failed + 1 elseif status >= 400 then refused = refused + 1 end
    end
  end
end

function request()
  if order == "once" then
    at = at % total + 1
  else
    at = math.floor(math.exp(math.random() * math.log(total + 1)))
    if at > total then at = total end
  end
  if wrong[at] then expected = expected + 1 end
  local known = ready[at]
  if not known then
    local page = paths[at]:match("^/[?m]")  -- asked for by browsers
    known = wrk.format("GET", paths[at], page and {["Accept-Encoding"] = "gzip"} or {})
    ready[at] = known
  end
  return known
end

function done(summary, latency)
  local sum = {failed = 0, refused = 0, expected = 0}
  for _, thread in ipairs(threads) do
    for name in pairs(sum) do sum[name] = sum[name] + (thread:get(name) or 0) end
  end
  local e = summary.errors
  io.write(string.format('{"requests":%d,"seconds":%.3f,"p50":%.3f,"p99":%.3f,"most":%.3f,"sockets":%d,"status":%d,' ..
    '"failed":%d,"refused":%d,"expected":%d,"bytes":%d}\n', summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3, e.connect + e.read + e.write + e.timeout,
    e.status, sum.failed, sum.refused, sum.expected, summary.bytes))
end
