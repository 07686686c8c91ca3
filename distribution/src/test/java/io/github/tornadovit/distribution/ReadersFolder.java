package io.github.tornadovit.distribution;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * A folder as the documents take it for granted: a checkout with pictures, models and a cache of
 * the hub under the names that they use. Files of the checkout are links, so that what a command
 * writes stays in the folder.
 */
final class ReadersFolder {
  private static final String COMMIT = "5f2b7c1e9d3a4068b1c2d3e4f5061728394a5b6c";
  private static final List<String> CHECKOUT =
      List.of("tornado-vit", ".mvn", "weights", "distribution");
  private static final int CLASSES = 10;
  private static final int SIDE = 8;

  private final Path repository;
  private final Path folder;

  private ReadersFolder(Path repository, Path folder) {
    this.repository = repository;
    this.folder = folder;
  }

  static void fill(Path repository, Path folder) throws IOException {
    ReadersFolder filled = new ReadersFolder(repository.toRealPath(), folder);
    filled.checkout();
    filled.models();
    filled.pictures();
    filled.digits();
  }

  /** Removes the links, so that nobody follows them to remove what they lead to. */
  static void unlink(Path folder) throws IOException {
    for (String name : CHECKOUT) {
      Files.delete(folder.resolve(name));
    }
  }

  /** Where the cache of the hub is: {@code HF_HOME}. */
  static Path hub(Path folder) {
    return folder.resolve("home/.cache/huggingface");
  }

  private void checkout() throws IOException {
    for (String name : CHECKOUT) {
      Files.createSymbolicLink(folder.resolve(name), repository.resolve(name));
    }
  }

  private void models() throws IOException {
    for (String name :
        List.of("path/to/vit-base-patch16-224", "vit-base-patch16-224", "vit-face-mask")) {
      model(folder.resolve(name));
    }
    for (String name : List.of("drawn/faces", "google/vit-base-patch16-224")) {
      Path cached = hub(folder).resolve("hub/models--" + name.replace("/", "--"));
      model(cached.resolve("snapshots").resolve(COMMIT));
      Files.createDirectories(cached.resolve("refs"));
      Files.writeString(cached.resolve("refs/main"), COMMIT);
    }
  }

  private void model(Path target) throws IOException {
    Files.createDirectories(target);
    try (Stream<Path> files = Files.list(repository.resolve("weights/demo/vit"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, target.resolve(file.getFileName()));
      }
    }
  }

  private void pictures() throws IOException {
    Path picture = repository.resolve("weights/demo/images/with_mask/9000003.jpg");
    for (String name : List.of("cat.jpg", "dog.jpg", "face.jpg", "holiday/1.jpg", "photos/1.jpg")) {
      Files.createDirectories(folder.resolve(name).getParent());
      Files.copy(picture, folder.resolve(name));
    }
    BufferedImage decoded = ImageIO.read(picture.toFile());
    for (String name : List.of("dog.png", "seven.png", "scans/2026/a.png")) {
      write(decoded, folder.resolve(name));
    }
  }

  /** Ten patterns with noise in place of digits that people wrote. */
  private void digits() throws IOException {
    Random random = new Random(1);
    for (int label = 0; label < CLASSES; label++) {
      int[] pattern = random.ints(SIDE * SIDE, 0, 200).toArray();
      for (int i = 0; i < 8; i++) {
        String name = "digits/%s/%d/%04d.png".formatted(i < 6 ? "train" : "test", label, i);
        write(noisy(pattern, random), folder.resolve(name));
      }
    }
  }

  private static BufferedImage noisy(int[] pattern, Random random) {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < pattern.length; i++) {
      image.getRaster().setSample(i % SIDE, i / SIDE, 0, pattern[i] + random.nextInt(55));
    }
    return image;
  }

  private static void write(BufferedImage image, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
  }
}
