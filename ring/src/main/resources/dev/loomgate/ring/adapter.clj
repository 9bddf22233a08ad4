(ns dev.loomgate.ring.adapter
  "Ring handlers as applications of the gateway interface. RingApplication evaluates this file in the program's Clojure,
  after the namespaces ring.core.protocols and ring.websocket.protocols, which are ring-core's or Loomgate's.

  Source: Ring's SPEC.md, version 1.5.1."
  (:require [clojure.java.io :as io]
            [clojure.string :as string]
            [ring.core.protocols :as protocols]
            [ring.websocket.protocols :as ws])
  (:import (clojure.lang RT Var)
           (dev.loomgate.gateway Application Body Body$Content ClientGone Environ Headers StartResponse Status
                                 Variables$Undecoded WebSocket WebSocket$Binary WebSocket$Closed WebSocket$Handler
                                 WebSocket$Text WebSocketHandshake)
           (java.io ByteArrayInputStream File FileNotFoundException InputStream)
           (java.nio ByteBuffer)
           (java.nio.charset StandardCharsets)
           (java.security.cert CertificateException CertificateFactory)
           (java.util Locale)
           (java.util.concurrent CompletableFuture ExecutionException Executor)
           (java.util.concurrent.atomic AtomicBoolean)
           (java.util.function BiConsumer BiFunction Consumer)))

(set! *warn-on-reflection* true)

(defn- wrong [& words]
  (IllegalStateException. ^String (apply str "Ring: " words)))

(defn- type-of [value]
  (if (nil? value) "nil" (.getName (class value))))

;; ---- the request: section 1.4

(defn- lower [^String text]
  (.toLowerCase text Locale/ROOT))

(defn- with-field [fields field value]
  (let [before (get fields field)]
    (assoc! fields field (if before
                           (str before (if (= field "cookie") ";" ",") value)
                           value))))

(def ^:private nothing
  (reify BiConsumer (accept [_ _ _])))

(defn- latin-1 [^bytes bytes from length]
  (String. bytes (int from) (int length) StandardCharsets/ISO_8859_1))

(defn- field-of
  "The header field that a variable is made of; nil if it is of none."
  [^String variable]
  (cond
    (.startsWith variable "HTTP_") (lower (.replace (subs variable 5) \_ \-))
    (= variable "CONTENT_TYPE") "content-type"
    (= variable "CONTENT_LENGTH") "content-length"))

(defn- request-headers [^Environ environ]
  (let [fields (volatile! (transient {}))]
    (when-not (.forEachApart environ nothing
                             (reify Variables$Undecoded
                               (variable [_ bytes field field-length value value-length]
                                 (vswap! fields with-field
                                         (lower (latin-1 bytes field field-length))
                                         (latin-1 bytes value value-length)))))
      ;; It has come as variables, by uwsgi for example.
      (.forEachText environ (reify BiConsumer
                              (accept [_ variable value]
                                (when-let [field (field-of variable)]
                                  (when-not (and (= value "") (= field "content-length"))
                                    (vswap! fields with-field field value)))))))
    (persistent! @fields)))

(defn- uri
  "The path as the client has sent it, undecoded."
  [^Environ environ]
  (let [target (.requestUri environ)
        end (.indexOf target "?")
        path (if (neg? end) target (subs target 0 end))
        path (if (.startsWith path "/") path (second (re-find #"(?i)^https?://[^/]*(/.*)" path)))
        path (or path (str (.scriptName environ) (.path environ)))]
    (if (.startsWith ^String path "/") path "/")))

(defn- charset-in [content-type]
  (when content-type
    (second (re-find #"(?i);\s*charset=\"?([^\s;\"]+)" content-type))))

(defn- certificate [^String pem]
  (try
    (.generateCertificate (CertificateFactory/getInstance "X.509")
                          (ByteArrayInputStream. (.getBytes pem StandardCharsets/ISO_8859_1)))
    (catch CertificateException _ nil)))

(defn- below
  "What a handler that is mounted below a prefix finds besides, as those of servlets do."
  [request ^String context]
  (let [^String path (:uri request)]
    (assoc request
           :context context
           :path-info (if (.startsWith path context) (subs path (count context)) path))))

(defn- request-map [^Environ environ]
  (let [query (.queryString environ)
        content-type (.orElse (.contentType environ) nil)
        length (.contentLength environ)
        encoding (charset-in content-type)
        context (.scriptName environ)
        pem (.get environ "SSL_CLIENT_CERT")
        client (when (string? pem) (certificate pem))]
    (cond-> {:body (.input environ)
             :headers (request-headers environ)
             :protocol (.protocol environ)
             :remote-addr (.orElse (.remoteAddress environ) "")
             :request-method (keyword (lower (.method environ)))
             :scheme (keyword (.scheme environ))
             :server-name (.serverName environ)
             :server-port (Integer/valueOf (.serverPort environ))
             :uri (uri environ)}
      (not= query "") (assoc :query-string query)
      content-type (assoc :content-type content-type)
      encoding (assoc :character-encoding encoding)
      (.isPresent length) (assoc :content-length (.getAsLong length))
      client (assoc :ssl-client-cert client)
      (not= context "") (below context))))

;; ---- the response: section 1.5

(defn- status-of ^Status [response]
  (let [code (:status response)]
    (when-not (and (integer? code) (<= 200 code 599))
      (throw (wrong ":status has to be an integer, 200 to 599, not "
                    (if (integer? code) code (type-of code)))))
    (Status/of (int code))))

(defn- add-field [^Headers headers field value]
  (when-not (string? value)
    (throw (wrong "a value of the header " field " has to be a string, not " (type-of value))))
  (.add headers field value))

(defn- headers-of ^Headers [response]
  (let [headers (Headers.)
        fields (:headers response)]
    (when-not (or (nil? fields) (map? fields))
      (throw (wrong ":headers has to be a map, not " (type-of fields))))
    (doseq [[field value] fields]
      (cond
        (not (string? field)) (throw (wrong "a header's name has to be a string, not " (type-of field)))
        (or (sequential? value) (nil? value)) (run! #(add-field headers field %) value)
        :else (add-field headers field value)))
    headers))

(def ^:private bytes-class (Class/forName "[B"))

(def ^:private as-loaded (:impls protocols/StreamableResponseBody))

(defn- as-specified?
  "Whether the protocol does with a type what Ring does, since the program hasn't extended it there."
  [type]
  (identical? (get as-loaded type) (get (:impls protocols/StreamableResponseBody) type)))

(defn- file-body [^File file]
  (when-not (.isFile file)
    (throw (FileNotFoundException. (str "Ring: the body is a file that isn't there: " (.getName file)))))
  (Body/file (.toPath file)))

(defn- text-body [^String text response]
  (let [content-type (some (fn [[field value]]
                             (when (.equalsIgnoreCase "content-type" ^String field) value))
                           (:headers response))]
    (if-let [encoding (when (string? content-type) (charset-in content-type))]
      (Body/bytes (.getBytes text ^String encoding))
      (Body/text text))))

(defn- streamed-body [content response]
  (let [body (Body/stream (reify Body$Content
                            (writeTo [_ writer]
                              (protocols/write-body-to-stream content response (.asOutputStream writer)))))]
    (if (instance? InputStream content)
      (.onClose body #(.close ^InputStream content))
      body)))

(defn- body-of ^Body [response]
  (let [content (:body response)]
    (cond
      (and (nil? content) (as-specified? nil)) (Body/empty)
      (and (string? content) (as-specified? String)) (text-body content response)
      (and (bytes? content) (as-specified? bytes-class)) (Body/bytes content)
      (and (instance? File content) (as-specified? File)) (file-body content)
      (satisfies? protocols/StreamableResponseBody content) (streamed-body content response)
      :else (throw (wrong ":body has to satisfy StreamableResponseBody, which " (type-of content) " doesn't")))))

;; ---- WebSockets: section 3

(defn- bytes-of ^bytes [data]
  (cond
    (instance? ByteBuffer data) (let [buffer (.duplicate ^ByteBuffer data)
                                      bytes (byte-array (.remaining buffer))]
                                  (.get buffer bytes)
                                  bytes)
    (bytes? data) data
    :else (throw (wrong "what is sent has to be a CharSequence or a ByteBuffer, not " (type-of data)))))

(defn- send-message [^WebSocket socket message]
  (if (instance? CharSequence message)
    (.send socket (str message))
    (.send socket (bytes-of message))))

(def ^:private ^Executor senders
  (reify Executor
    (execute [_ task] (Thread/startVirtualThread task))))

(defn- in-turn
  "Runs a task in a thread of its own, after those before it."
  [tasks task]
  (locking tasks
    (swap! tasks (fn [^CompletableFuture before]
                   (.handleAsync before (reify BiFunction (apply [_ _ _] (task))) senders)))))

(deftype OpenSocket [^WebSocket socket ^AtomicBoolean open tasks]
  ws/Socket
  (-open? [_] (.get open))
  (-send [_ message] (send-message socket message))
  (-ping [_ data] (.ping socket (bytes-of data)))
  (-pong [_ data] (.pong socket (bytes-of data)))
  (-close [_ code reason]
    (.set open false)
    (.close socket (int code) (str reason)))

  ws/AsyncSocket
  (-send-async [_ message succeed fail]
    (in-turn tasks (fn []
                     (if-let [failure (try (send-message socket message) nil (catch Throwable e e))]
                       (fail failure)
                       (succeed))))
    nil))

(defn- next-message
  "Waits for a message and tells the listener of it.
  Returns nil, or the end."
  [^WebSocket socket listener open-socket]
  (let [message (.receive socket)]
    (condp instance? message
      WebSocket$Text (do (ws/on-message listener open-socket (.content ^WebSocket$Text message)) nil)
      WebSocket$Binary (do (ws/on-message listener open-socket (ByteBuffer/wrap (.content ^WebSocket$Binary message))) nil)
      WebSocket$Closed message)))

(defn- step
  "Does something of the listener's.
  Returns nil, or the end."
  [^WebSocket socket listener open-socket action]
  (try
    (action)
    (catch InterruptedException e
      (throw e))
    (catch ClientGone _
      nil)
    (catch Throwable e
      (try
        (ws/on-error listener open-socket e)
        (finally
          (.close socket WebSocket/INTERNAL_ERROR "")))
      (WebSocket$Closed. WebSocket/INTERNAL_ERROR ""))))

(defn- talk [^WebSocket socket listener]
  (let [open (AtomicBoolean. true)
        open-socket (OpenSocket. socket open (atom (CompletableFuture/completedFuture nil)))
        end (volatile! (WebSocket$Closed. WebSocket/GOING_AWAY ""))]
    (when (satisfies? ws/PingListener listener)
      (.onPing socket (reify Consumer
                        (accept [_ data] (ws/on-ping listener open-socket (ByteBuffer/wrap ^bytes data))))))
    (.onPong socket (reify Consumer
                      (accept [_ data] (ws/on-pong listener open-socket (ByteBuffer/wrap ^bytes data)))))
    (try
      (loop [over (step socket listener open-socket #(do (ws/on-open listener open-socket) nil))]
        (if over
          (vreset! end over)
          (recur (step socket listener open-socket #(next-message socket listener open-socket)))))
      (finally
        (.set open false)
        (let [^WebSocket$Closed why @end]
          (ws/on-close listener open-socket (.code why) (.reason why)))))))

(defn- accepted-socket [^Environ environ ^StartResponse start-response response]
  (let [^WebSocketHandshake handshake (.orElse (.webSocket environ) nil)
        protocol (:ring.websocket/protocol response)
        listener (:ring.websocket/listener response)
        handler (reify WebSocket$Handler
                  (handle [_ socket] (talk socket listener)))]
    (cond
      (nil? handshake) (do (.start start-response (Status/of 400) (.add (Headers.) "Content-Type" "text/plain"))
                           (Body/text "This is a WebSocket, and the request doesn't ask for one.\n"))
      protocol (.accept handshake start-response ^String protocol handler)
      :else (.accept handshake start-response handler))))

;; ---- applications

(defn- answer [environ ^StartResponse start-response response]
  (cond
    (not (map? response)) (throw (wrong "the handler has answered " (type-of response) ", not a map"))
    (:ring.websocket/listener response) (accepted-socket environ start-response response)
    :else (let [status (status-of response)
                headers (headers-of response)
                body (body-of response)]
            (.start start-response status headers)
            body)))

(defn- awaited
  "Calls an asynchronous handler: section 2.1."
  [handler request]
  (let [result (CompletableFuture.)]
    (handler request
             (fn [response] (.complete result response) nil)
             (fn [exception] (.completeExceptionally result exception) nil))
    (try
      (.get result)
      (catch ExecutionException e
        (throw (.getCause e))))))

(defn- refused [cause & words]
  (IllegalArgumentException. ^String (apply str words) cause))

(defn- run-script [script]
  (try
    (if (io/resource script)
      (RT/loadResourceScript script)
      (load-file script))
    (catch Throwable e
      (throw (refused e "the script " script " fails: " (ex-message (or (ex-cause e) e)))))))

(defn- found [namespace handler]
  (when (find-ns namespace)
    (ns-resolve namespace handler)))

(defn- loaded [namespace]
  (try
    (require namespace)
    (catch FileNotFoundException e
      (throw (refused nil "the namespace " namespace " can't be loaded: " (ex-message e))))
    (catch Throwable e
      (throw (refused e "the namespace " namespace " can't be loaded: " (ex-message (or (ex-cause e) e)))))))

(defn- handler-of ^Var [text]
  (let [[_ namespace handler] (re-matches #"([^/:]+)[/:](.+)" text)]
    (when-not handler
      (throw (refused nil "it has to name a namespace and a handler, as in shop.core/handler")))
    (let [namespace (symbol namespace)
          handler (symbol handler)]
      (when-not (found namespace handler)
        (loaded namespace))
      (let [value (found namespace handler)]
        (when-not (and (var? value) (bound? value) (ifn? @value))
          (throw (refused nil "the namespace " namespace " has no handler " handler)))
        value))))

(defn application
  "The application that a handler is, named by its namespace and its own name, after these scripts have been run."
  [text async scripts]
  (run! run-script scripts)
  (let [handler (handler-of text)
        response (if async #(awaited handler %) handler)]
    (reify Application
      (call [_ environ start-response]
        (answer environ start-response (response (request-map environ)))))))
