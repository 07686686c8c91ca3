package io.github.tornadovit.fuzz;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The inputs that the repository holds: seeds, and what broke a reader once. */
public final class Corpus {
  private final Path module;

  /**
   * The inputs of a checkout.
   *
   * @param module the folder of this module
   */
  public Corpus(Path module) {
    this.module = module.toAbsolutePath().normalize();
  }

  /** Seeds and found cases of a target, sorted; those of other modules first. */
  public List<Path> inputs(Target target) throws IOException {
    List<Path> inputs = new ArrayList<>();
    for (String glob : target.seeds()) {
      inputs.addAll(matching(module.resolveSibling(""), glob));
    }
    for (String kind : List.of("seeds", "found")) {
      inputs.addAll(matching(module, "src/test/resources/" + kind + "/" + target.id() + "/*"));
    }
    return inputs;
  }

  /** Copies all of them to a folder, under names that are unique there. */
  void copyTo(Path folder, Target target) throws IOException {
    Files.createDirectories(folder);
    List<Path> inputs = inputs(target);
    for (int i = 0; i < inputs.size(); i++) {
      Files.write(folder.resolve("%04d".formatted(i)), Files.readAllBytes(inputs.get(i)));
    }
  }

  private static List<Path> matching(Path root, String glob) throws IOException {
    Path start = root.resolve(glob.substring(0, glob.lastIndexOf('/', glob.indexOf('*'))));
    if (!Files.isDirectory(start)) {
      return List.of();
    }
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
    try (Stream<Path> files = Files.walk(start)) {
      return files
          .filter(file -> matcher.matches(root.relativize(file)) && Files.isRegularFile(file))
          .sorted()
          .toList();
    }
  }
}
