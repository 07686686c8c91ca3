package io.github.tornadovit.weights.layout;

import io.github.tornadovit.base.CheckpointException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A model's folder in the cache of the Hugging Face hub: {@code models--organisation--name} with
 * {@code refs}, {@code blobs} and {@code snapshots}. The files lie in a snapshot.
 */
public final class HubFolder {
  private static final String SNAPSHOTS = "snapshots";
  private static final Pattern NAME = Pattern.compile("models--[^/]+");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final int MAX_REFERENCE_BYTES = 256;

  private HubFolder() {}

  static boolean isName(String folder) {
    return NAME.matcher(folder).matches();
  }

  /**
   * The snapshot of a model's folder, or of its {@code snapshots}: that of the branch main, else
   * the only one. Null if the folder is none of these.
   *
   * @param name the folder as the user would name it
   * @throws CheckpointException if there is none, or several and no branch main
   */
  public static @Nullable Path snapshot(Path folder, String name) {
    Path absolute = folder.toAbsolutePath().normalize();
    Path model = absolute.endsWith(SNAPSHOTS) ? absolute.getParent() : absolute;
    if (model == null
        || Files.exists(folder.resolve(CheckpointFiles.CONFIG))
        || !Files.isDirectory(model.resolve(SNAPSHOTS))) {
      return null;
    }
    Path snapshots = model.resolve(SNAPSHOTS);
    Path main = main(model);
    if (main != null) {
      return main;
    }
    List<String> all =
        FolderListing.of(snapshots, name).names().stream()
            .filter(commit -> Files.isDirectory(snapshots.resolve(commit)))
            .toList();
    if (all.size() == 1) {
      return snapshots.resolve(all.getFirst());
    }
    throw new CheckpointException(
        name,
        all.isEmpty()
            ? "is a model's folder in the cache of the hub without a snapshot: its download did not"
                + " finish"
            : "is a model's folder in the cache of the hub with %d snapshots and no refs/main: give one of %s"
                .formatted(
                    all.size(),
                    FolderListing.shown(
                        all.stream()
                            .map(commit -> snapshots.resolve(commit).toString())
                            .toList())));
  }

  private static @Nullable Path main(Path model) {
    try (var input = Files.newInputStream(model.resolve("refs").resolve("main"))) {
      String commit =
          new String(input.readNBytes(MAX_REFERENCE_BYTES), StandardCharsets.US_ASCII).strip();
      Path snapshot = model.resolve(SNAPSHOTS).resolve(commit);
      return COMMIT.matcher(commit).matches() && Files.isDirectory(snapshot) ? snapshot : null;
    } catch (IOException none) {
      return null;
    }
  }
}
