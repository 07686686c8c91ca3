package io.github.tornadovit.weights.checkpoint;

import io.github.tornadovit.weights.config.PreprocessorConfig;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.model.VisionWeights;
import io.github.tornadovit.weights.tensor.TensorView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;

/** A checkpoint folder, opened. The readers follow; this is the shape that the engine works on. */
public final class Checkpoint implements AutoCloseable {
  private final String name;
  private final VisionConfig config;
  private final PreprocessorConfig preprocessor;
  private final List<WeightFile> files;
  private final SequencedMap<String, TensorView> tensors;
  private final VisionWeights weights;
  private final List<TensorView> unread;

  Checkpoint(
      String name,
      VisionConfig config,
      PreprocessorConfig preprocessor,
      List<WeightFile> files,
      SequencedMap<String, TensorView> tensors,
      VisionWeights weights,
      List<TensorView> unread) {
    this.name = name;
    this.config = config;
    this.preprocessor = preprocessor;
    this.files = files;
    this.tensors = tensors;
    this.weights = weights;
    this.unread = unread;
  }

  /**
   * Opens a folder as Hugging Face lays it out. Any Path of any FileSystem works: files of the
   * default file system are mapped read-only; others (a jar's) are read into memory.
   *
   * @throws CheckpointException if the folder is not a usable checkpoint
   */
  public static Checkpoint open(Path folder) {
    return open(folder, folder.toString());
  }

  /** As {@link #open(Path)}, with the name that messages and {@link #name} give the folder. */
  public static Checkpoint open(Path folder, String name) {
    if (!Files.exists(folder)) {
      throw new CheckpointException(name, "does not exist");
    }
    throw new UnsupportedOperationException("no reader yet for " + folder);
  }

  /** The folder as the user would name it. */
  public String name() {
    return name;
  }

  /** What {@code config.json} says. */
  public VisionConfig config() {
    return config;
  }

  /** What {@code preprocessor_config.json} says. */
  public PreprocessorConfig preprocessor() {
    return preprocessor;
  }

  /** The files that hold the weights. */
  public List<WeightFile> files() {
    return files;
  }

  /** Every tensor of the files by name, sorted. */
  public SequencedMap<String, TensorView> tensors() {
    return tensors;
  }

  /**
   * The weights of the architecture, each checked for type and shape.
   *
   * @throws CheckpointException if one is missing or not what the configuration implies
   */
  public VisionWeights weights() {
    return weights;
  }

  /** Tensors that {@link #weights} does not read. */
  public List<TensorView> unread() {
    return unread;
  }

  /** Releases the files. Tensors must not be read afterwards. Idempotent. */
  @Override
  public void close() {}
}
