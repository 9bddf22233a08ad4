-- wrk's script: each request is a POST with 20 kB.
wrk.method = "POST"
wrk.body = string.rep("x", 20000)
wrk.headers["Content-Type"] = "application/octet-stream"
