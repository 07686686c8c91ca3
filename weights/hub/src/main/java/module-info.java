/** Models of the Hugging Face hub by name, in the cache that Python's libraries use. */
module io.github.tornadovit.hub {
  requires static transitive org.jspecify;
  requires java.net.http;
  requires transitive io.github.tornadovit.weights;

  exports io.github.tornadovit.hub;
}
