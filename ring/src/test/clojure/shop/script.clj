(ns shop.scripted)

(defn handler [_]
  {:status 200, :headers {"Content-Type" "text/plain"}, :body "of a script"})
