package io.github.tornadovit.weights.checkpoint;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A model of the Hugging Face hub, as it was downloaded.
 *
 * @param model {@code organisation/name}
 * @param revision the commit
 */
public record HubOrigin(String model, String revision) {
  private static final String MODELS = "models--";

  /** The origin of a snapshot in the hub's cache: {@code models--a--b/snapshots/COMMIT}. */
  static Optional<HubOrigin> of(Path folder) {
    Path snapshot = folder.toAbsolutePath().normalize();
    int names = snapshot.getNameCount();
    if (names < 3 || !snapshot.getName(names - 2).toString().equals("snapshots")) {
      return Optional.empty();
    }
    String model = snapshot.getName(names - 3).toString();
    return model.startsWith(MODELS)
        ? Optional.of(
            new HubOrigin(
                model.substring(MODELS.length()).replace("--", "/"),
                snapshot.getFileName().toString()))
        : Optional.empty();
  }
}
