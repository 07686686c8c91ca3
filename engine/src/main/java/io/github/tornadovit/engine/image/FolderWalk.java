package io.github.tornadovit.engine.image;

import io.github.tornadovit.base.file.FileProblem;
import io.github.tornadovit.engine.image.ImageFiles.Skipped;
import io.github.tornadovit.engine.image.codec.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Walks through a folder and tells images from what is not; see {@link ImageFiles}. */
final class FolderWalk extends SimpleFileVisitor<Path> {
  private final Path root;
  private final PathMatcher matcher;
  private final HiddenNames names;
  private final List<Path> images = new ArrayList<>();
  private final List<Skipped> skipped = new ArrayList<>();

  private FolderWalk(Path root, @Nullable String glob) {
    this.root = root;
    this.matcher =
        glob == null ? _ -> true : root.getFileSystem().getPathMatcher("glob:" + ofOneLine(glob));
    this.names = glob == null ? HiddenNames.NONE : HiddenNames.of(glob);
  }

  static ImageFiles of(Path root, @Nullable String glob) throws IOException {
    FolderWalk walk = new FolderWalk(root, glob);
    Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, walk);
    walk.images.sort(null);
    walk.skipped.sort(Comparator.comparing(Skipped::path));
    return new ImageFiles(walk.images, walk.skipped);
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
    return folder.equals(root) || names.admits(root.relativize(folder), true)
        ? FileVisitResult.CONTINUE
        : FileVisitResult.SKIP_SUBTREE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    Path path = root.relativize(file);
    if (names.admits(path, false) && matcher.matches(inOneLine(path))) {
      String reason = reasonToSkip(file, attributes);
      if (reason == null) {
        images.add(file);
      } else {
        skipped.add(new Skipped(file, reason));
      }
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path path, IOException failure) throws IOException {
    if (path.equals(root)) {
      throw failure;
    }
    if (names.admits(root.relativize(path), true)) {
      skipped.add(
          new Skipped(
              path,
              failure instanceof FileSystemLoopException
                  ? "a link to a folder that it is in"
                  : "cannot be read: " + FileProblem.reason(failure)));
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
      throws IOException {
    return failure == null ? FileVisitResult.CONTINUE : visitFileFailed(folder, failure);
  }

  /** A path that the JDK's {@code **} fits: it fits no line break. */
  private static Path inOneLine(Path path) {
    String name = path.toString();
    String inOneLine = ofOneLine(name);
    return inOneLine.equals(name) ? path : path.getFileSystem().getPath(inOneLine);
  }

  private static String ofOneLine(String text) {
    return text.replaceAll("[\\n\\r\u0085\u2028\u2029]", "_");
  }

  /** Null for an image. */
  private static @Nullable String reasonToSkip(Path file, BasicFileAttributes attributes) {
    if (attributes.isSymbolicLink()) {
      return "a link that leads nowhere";
    }
    if (!attributes.isRegularFile()) {
      return "no regular file";
    }
    String name = file.getFileName().toString();
    if (ImageFiles.hasImageName(name)) {
      return null;
    }
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    String foreign = name.contains(".") ? ForeignFormat.named(ending) : null;
    if (foreign != null) {
      return foreign;
    }
    try (InputStream encoded = Files.newInputStream(file)) {
      Bytes head = new Bytes(encoded.readNBytes(ImageFormat.HEAD_BYTES));
      return ImageFormat.recognize(head) == null ? ForeignFormat.describe(head) : null;
    } catch (IOException failure) {
      return "cannot be read: " + FileProblem.reason(failure);
    }
  }
}
