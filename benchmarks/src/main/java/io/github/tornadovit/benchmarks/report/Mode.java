package io.github.tornadovit.benchmarks.report;

/** The work that the time of a pass includes. */
enum Mode {
  /** The kernels of a forward pass, as the device counts their time. */
  FORWARD_ONLY("forward only"),
  /** Pixels in from the Java heap, logits out to it. */
  FORWARD("forward with copies"),
  /** From image files to logits: decoding, preprocessing, forward pass. */
  PIPELINE("full pipeline");

  private final String label;

  Mode(String label) {
    this.label = label;
  }

  /** As a person reads it. */
  String label() {
    return label;
  }
}
