package io.github.tornadovit.engine.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads labelled images in a JVM whose locale knows no letter beyond ASCII. */
final class LocaleMain {
  private LocaleMain() {}

  public static void main(String[] arguments) throws IOException {
    System.out.println(System.getProperty("sun.jnu.encoding"));
    for (String data : arguments) {
      List<String> labels = LabelledImages.labels(Path.of(data));
      LabelledImages read = LabelledImages.read(Path.of(data), labels);
      String label = labels.getFirst();
      label.chars().forEach(c -> System.out.print(Integer.toHexString(c) + " "));
      System.out.println(Files.size(read.images().getFirst().file()));
    }
  }
}
