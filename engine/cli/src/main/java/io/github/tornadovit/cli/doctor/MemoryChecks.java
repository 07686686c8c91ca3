package io.github.tornadovit.cli.doctor;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.engine.ImageSize;
import io.github.tornadovit.engine.MemoryEstimate;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The heap, and what a model needs of it. */
final class MemoryChecks {
  private static final String SECTION = "memory";

  private MemoryChecks() {}

  static List<Finding> run(Question question) {
    List<Finding> findings = new ArrayList<>();
    long heap = Runtime.getRuntime().maxMemory();
    findings.add(Finding.ok(SECTION, "heap", "at most " + Jvm.size(heap)));
    Path model = question.model();
    if (model != null) {
      try (Checkpoint checkpoint = Checkpoint.open(model)) {
        findings.add(
            need(
                MemoryEstimate.of(
                    checkpoint.weights(),
                    ImageSize.of(checkpoint, null).size(),
                    question.batch(),
                    question.precision()),
                question,
                heap));
      } catch (CheckpointException unusable) {
        findings.add(
            Finding.failure(
                SECTION,
                "model",
                String.valueOf(unusable.getMessage()),
                "correct the checkpoint; inspect --model says more"));
      }
    }
    return findings;
  }

  static Finding need(MemoryEstimate estimate, Question question, long heap) {
    long coded = estimate.codedBytes();
    long bytes = estimate.bytes() - coded;
    String value =
        "%s: weights %s and activations %s at batch %d%s, of %s heap"
            .formatted(
                question.model(),
                Jvm.size(estimate.weightBytes()),
                Jvm.size(estimate.activationBytes()),
                question.batch(),
                coded == 0 ? "" : ", %s of them outside the heap".formatted(Jvm.size(coded)),
                Jvm.size(heap));
    return bytes < heap
        ? Finding.ok(SECTION, "model", value)
        : Finding.failure(
            SECTION,
            "model",
            value,
            "start Java with -Xmx%dm or more, or use a smaller --batch"
                .formatted((bytes + (bytes >> 2)) >> 20));
  }
}
