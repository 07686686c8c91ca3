package io.github.tornadovit.weights.config;

/**
 * The name of what a checkpoint is, for people and for messages; the parts of a {@link
 * VisionConfig} say what is computed.
 *
 * @param name as papers and users call it, {@code BEiT}
 * @param type as {@code config.json} calls it, {@code beit}; {@code timm} where timm wrote that
 */
public record Architecture(String name, String type) {
  /** The name. */
  @Override
  public String toString() {
    return name;
  }
}
