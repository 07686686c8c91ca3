package io.github.tornadovit.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The fenced blocks of a document. */
public final class Markdown {
  private static final Pattern FENCED =
      Pattern.compile("^```(\\w*)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  private Markdown() {}

  /**
   * A fenced block.
   *
   * @param language as its fence says, empty if it says none
   * @param line of its text, from 1
   * @param text without the fences
   */
  public record Block(String language, int line, String text) {}

  /** All of them, in order. */
  public static List<Block> blocks(Path document) throws IOException {
    String text = Files.readString(document);
    return FENCED.matcher(text).results().map(block -> block(text, block)).toList();
  }

  private static Block block(String text, MatchResult found) {
    int line = (int) text.substring(0, found.start(2)).lines().count() + 1;
    return new Block(found.group(1), line, found.group(2));
  }
}
