package io.github.tornadovit.hub;

/** Text of a server, for messages on a terminal. */
final class Text {
  private static final int MAX_SHOWN = 200;

  private Text() {}

  /** Without control characters, and not too long. */
  static String shown(String text) {
    String printable = text.replaceAll("[^\\x20-\\x7e]+", " ").strip();
    return printable.length() <= MAX_SHOWN ? printable : printable.substring(0, MAX_SHOWN) + "…";
  }
}
