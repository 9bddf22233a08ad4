/// The article's programs in Java, in its order, and two more.
///
/// 1. [HelloByYield]: a body that is written chunk by chunk
/// 2. [TwoSeconds]: greenlets, that is microthreads, and the event loop hand control to each other
/// 3. [HelloRequest]: the toolkit's request and response
/// 4. [UrlMapApplication]: a map of URLs, with a resource behind each
/// 5. [WrapperApplication]: resources that answer later, waited for by hand
/// 6. [ArticleApplication]: the whole program; `./loomgate demo` runs it
///
/// [ServerSentLines] streams for as long as the client listens, [LargeUpload] reads a body of any size. The packages
/// `guestbook`, a small site, and `chat`, over WebSockets, are more.
/// `docs/from-the-article.md` shows them beside the Python originals.
package dev.loomgate.examples;
