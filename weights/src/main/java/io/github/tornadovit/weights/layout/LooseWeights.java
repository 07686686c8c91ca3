package io.github.tornadovit.weights.layout;

import io.github.tornadovit.weights.file.Sniffed;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Files of weights under names of their own, as scripts and downloads leave them. */
final class LooseWeights {
  private static final List<String> ENDINGS =
      List.of(".safetensors", ".bin", ".pth", ".pt", ".ckpt", ".pkl", ".pickle", ".th", ".tar");

  /** Files that the Trainer of transformers writes beside a model. */
  private static final Set<String> OF_TRAINING =
      Set.of("training_args.bin", "optimizer.pt", "optimizer.bin", "scheduler.pt", "scaler.pt");

  private LooseWeights() {}

  /** Whether a file of that name may be weights. */
  static boolean isOne(String file) {
    String name = file.toLowerCase(Locale.ROOT);
    return ENDINGS.stream().anyMatch(name::endsWith)
        && !isOfTraining(name)
        && !name.startsWith("adapter_model.")
        && ForeignFormat.of(name) == null;
  }

  /** Whether the file is state of a training, and no model. */
  static boolean isOfTraining(String file) {
    return OF_TRAINING.contains(file) || (file.startsWith("rng_state") && file.endsWith(".pth"));
  }

  /** The content of a file and the name that it should have, after its own. */
  static String advice(Path file) {
    String name = String.valueOf(file.getFileName());
    return switch (Sniffed.of(file)) {
      case EMPTY -> name + " is empty; download or copy it again";
      case GIT_LFS_POINTER ->
          name + " is a Git LFS pointer, not the file itself; run 'git lfs pull' in the folder";
      case SAFETENSORS -> name + " is a safetensors file; rename it to model.safetensors";
      case TORCH, ZIP -> name + " looks like a file of torch.save; rename it to pytorch_model.bin";
      case UNREADABLE, OTHER ->
          "%s is neither a safetensors file nor one of torch.save".formatted(name);
    };
  }
}
