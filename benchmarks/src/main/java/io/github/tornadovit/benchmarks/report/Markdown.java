package io.github.tornadovit.benchmarks.report;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Text from anywhere, made harmless for Markdown. */
final class Markdown {
  private static final Set<Integer> SPECIAL =
      "\\`*_{}[]()#+-.!|~".chars().boxed().collect(Collectors.toUnmodifiableSet());

  private Markdown() {}

  /**
   * For a line of Markdown, in a table or out of it: everything that could begin markup, a link or
   * HTML.
   */
  static String text(String text) {
    StringBuilder safe = new StringBuilder();
    int[] characters = printable(text).toArray();
    for (int i = 0; i < characters.length; i++) {
      int character = characters[i];
      switch (character) {
        case '&' -> safe.append("&amp;");
        case '<' -> safe.append("&lt;");
        case '>' -> safe.append("&gt;");
        case '@' -> safe.append("&#64;");
        default -> {
          if (SPECIAL.contains(character) && isMarkup(characters, i)) {
            safe.append('\\');
          }
          safe.appendCodePoint(character);
        }
      }
    }
    // A bare address becomes a link by itself.
    return safe.toString().replace("://", ":&#47;&#47;").replace("www", "ww&#119;");
  }

  /** Points, dashes, plus signs and brackets are everywhere, and are markup in few places. */
  private static boolean isMarkup(int[] characters, int at) {
    return switch (characters[at]) {
      case '.', ')' -> startsWithDigits(characters, at);
      case '-', '+', '#' -> at == 0;
      case '(', '{', '}' -> false;
      default -> true;
    };
  }

  private static boolean startsWithDigits(int[] characters, int end) {
    for (int i = 0; i < end; i++) {
      if (!Character.isDigit(characters[i])) {
        return false;
      }
    }
    return end + 1 < characters.length && characters[end + 1] == ' ';
  }

  /** Line breaks become spaces, characters that are none or that turn others round a mark. */
  private static IntStream printable(String text) {
    return text.codePoints()
        .map(
            character ->
                switch (Character.getType(character)) {
                  case Character.CONTROL -> Character.isWhitespace(character) ? ' ' : 0xFFFD;
                  case Character.FORMAT,
                      Character.SURROGATE,
                      Character.UNASSIGNED,
                      Character.LINE_SEPARATOR,
                      Character.PARAGRAPH_SEPARATOR ->
                      0xFFFD;
                  default -> character;
                });
  }
}
