package io.github.tornadovit.weights.config;

/**
 * Something about a checkpoint that its reader should know: what was assumed where the files are
 * silent, or read otherwise than they say.
 *
 * @param kind what it is about
 * @param text one sentence or two
 */
public record CheckpointNote(Kind kind, String text) {
  /** The subject of a note. */
  public enum Kind {
    /** The folder that was read is not the one that was given, or holds more than was read. */
    FOLDER,
    /** Tensors are read by other names than the file has. */
    TENSOR_NAMES,
    /** The tensors have another head than {@code config.json} says, or one that is not read. */
    HEAD,
    /**
     * What {@code config.json} does not say of the encoder, or what that does not take of images.
     */
    ENCODER,
    /** Tokens are pooled otherwise than a key says that is not read, or a pooler is not read. */
    POOLING,
    /** Classes that {@code config.json} does not name, or whose names do not tell them apart. */
    LABELS,
    /** Preprocessing that no file gives. */
    PREPROCESSING
  }

  /** The text. */
  @Override
  public String toString() {
    return text;
  }
}
