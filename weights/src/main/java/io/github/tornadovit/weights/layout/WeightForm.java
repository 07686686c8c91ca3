package io.github.tornadovit.weights.layout;

/** The forms that weights have in a folder, in the order in which transformers looks for them. */
public enum WeightForm {
  SAFETENSORS("model.safetensors", ".safetensors"),
  SAFETENSORS_SHARDS("model.safetensors.index.json", ".safetensors"),
  PYTORCH("pytorch_model.bin", ".bin"),
  PYTORCH_SHARDS("pytorch_model.bin.index.json", ".bin");

  private final String file;
  private final String suffix;

  WeightForm(String file, String suffix) {
    this.file = file;
    this.suffix = suffix;
  }

  /** The file that shows the form: the weights themselves, or the index of their shards. */
  public String file() {
    return file;
  }

  /** How the name of a file with weights ends. */
  public String suffix() {
    return suffix;
  }

  /** Whether {@link #file} is an index, to be read as a {@link ShardIndex}. */
  public boolean isSharded() {
    return !file.endsWith(suffix);
  }
}
