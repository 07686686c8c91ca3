package io.github.tornadovit.engine.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What this process holds of a folder's files, as Linux lists it; nothing on other systems. */
final class Held {
  private static final Path SELF = Path.of("/proc/self");

  private Held() {}

  /** No file below the folder is open or mapped. */
  static void assertNothingOf(Path folder) throws IOException {
    if (Files.isDirectory(SELF) && Files.exists(folder)) {
      String prefix = folder.toRealPath().toString();
      assertThat(openFiles()).as("open files").noneMatch(file -> file.startsWith(prefix));
      try (Stream<String> maps = Files.lines(SELF.resolve("maps"))) {
        assertThat(maps).as("mappings").noneMatch(line -> line.contains(prefix));
      }
    }
  }

  private static List<String> openFiles() throws IOException {
    List<String> files = new ArrayList<>();
    try (Stream<Path> descriptors = Files.list(SELF.resolve("fd"))) {
      for (Path descriptor : descriptors.toList()) {
        try {
          files.add(Files.readSymbolicLink(descriptor).toString());
        } catch (IOException closedMeanwhile) {
          // The one that listed them.
        }
      }
    }
    return files;
  }
}
