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
    String flag = Jvm.flag("MaxDirectMemorySize");
    long outside = flag.isEmpty() || flag.equals("0") ? heap : Long.parseLong(flag);
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
                heap,
                outside));
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

  /** What a model needs of so many bytes of heap, and outside it. */
  static Finding need(MemoryEstimate estimate, Question question, long heap, long outside) {
    long coded = estimate.codedBytes();
    long bytes = estimate.bytes() - coded;
    String value =
        "%s: weights %s and activations %s at batch %d%s, of %s heap"
            .formatted(
                question.model(),
                Jvm.size(estimate.weightBytes()),
                Jvm.size(estimate.activationBytes()),
                question.batch(),
                coded == 0
                    ? ""
                    : ", %s of them outside the heap, of %s there"
                        .formatted(Jvm.size(coded), Jvm.size(outside)),
                Jvm.size(heap));
    if (bytes >= heap) {
      return tight(value, "-Xmx%dm", bytes);
    }
    return coded < outside
        ? Finding.ok(SECTION, "model", value)
        : tight(value, "-XX:MaxDirectMemorySize=%dm", coded);
  }

  private static Finding tight(String value, String option, long bytes) {
    String remedy = "start Java with " + option + " or more, or use a smaller --batch";
    return Finding.failure(SECTION, "model", value, remedy.formatted((bytes + (bytes >> 2)) >> 20));
  }
}
