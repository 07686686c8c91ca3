package io.github.tornadovit.engine.evaluation;

/**
 * The speed of forward passes alone: preprocessed pixels in, logits out.
 *
 * @param imagesPerSecond over all passes
 * @param latency of a pass of a whole batch; the last one counts only if it is whole or alone
 */
public record ForwardSpeed(double imagesPerSecond, Latency latency) {}
