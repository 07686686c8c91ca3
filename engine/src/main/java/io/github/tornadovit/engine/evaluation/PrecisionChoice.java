package io.github.tornadovit.engine.evaluation;

import io.github.tornadovit.base.Precision;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Recommends a precision: the fastest of those that agree with float32 on enough images. Float32
 * always does.
 *
 * @param taken null if none agrees enough and float32 is not among them
 * @param refused the others, each with the reason
 */
public record PrecisionChoice(@Nullable Candidate taken, List<Refused> refused) {
  /** Of the images, the part that may get another class: one in a hundred. */
  public static final double USUAL_DISAGREEMENT = 0.01;

  /** Copies the list. */
  public PrecisionChoice {
    refused = List.copyOf(refused);
  }

  /**
   * A precision that may be taken.
   *
   * @param name for people: {@code int8}
   * @param precision of its products
   * @param imagesPerSecond of its forward passes
   * @param agreement with float32
   */
  public record Candidate(
      String name, Precision precision, double imagesPerSecond, Agreement agreement) {
    private boolean agrees(double maxDisagreement) {
      return precision == Precision.F32 || agreement.disagreement() <= maxDisagreement;
    }
  }

  /**
   * A precision that is not taken.
   *
   * @param reason in one clause
   */
  public record Refused(Candidate candidate, String reason) {}

  /**
   * Chooses.
   *
   * @param maxDisagreement of the images, the part that may get another class than in float32, 0 to
   *     1
   * @throws IllegalArgumentException if it is out of range
   */
  public static PrecisionChoice of(List<Candidate> candidates, double maxDisagreement) {
    requirePart(maxDisagreement);
    Candidate taken =
        candidates.stream()
            .filter(candidate -> candidate.agrees(maxDisagreement))
            .max(Comparator.comparingDouble(Candidate::imagesPerSecond))
            .orElse(null);
    List<Refused> refused = new ArrayList<>();
    for (Candidate candidate : candidates) {
      if (!candidate.equals(taken)) {
        refused.add(new Refused(candidate, reason(candidate, taken, maxDisagreement)));
      }
    }
    return new PrecisionChoice(taken, refused);
  }

  /**
   * Refuses what is no part of the images.
   *
   * @throws IllegalArgumentException if it is not from 0 to 1
   */
  public static void requirePart(double maxDisagreement) {
    if (!(maxDisagreement >= 0 && maxDisagreement <= 1)) {
      throw new IllegalArgumentException(
          "the largest disagreement is %s, expected a part of the images from 0 to 1: 0.01 is one in a hundred"
              .formatted(maxDisagreement));
    }
  }

  private static String reason(
      Candidate candidate, @Nullable Candidate taken, double maxDisagreement) {
    if (taken == null || !candidate.agrees(maxDisagreement)) {
      return "%s of %d images get another class than in f32, more than %s"
          .formatted(
              percent(candidate.agreement().disagreement()),
              candidate.agreement().images(),
              percent(maxDisagreement));
    }
    return String.format(
        Locale.ROOT,
        "it is slower: %.2f images/s, %s %.2f",
        candidate.imagesPerSecond(),
        taken.name(),
        taken.imagesPerSecond());
  }

  /** A part in hundredths: {@code 0.50 %}. */
  public static String percent(double part) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * part);
  }

  /** Sentences for people, what is taken first. */
  public List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    if (taken == null) {
      sentences.add("Take none of them.");
    } else if (taken.precision() == Precision.F32) {
      sentences.add(
          String.format(
              Locale.ROOT, "Take %s: %.2f images/s.", taken.name(), taken.imagesPerSecond()));
    } else {
      sentences.add(
          String.format(
              Locale.ROOT,
              "Take %s: %.2f images/s, and %s of %d images get another class than in f32.",
              taken.name(),
              taken.imagesPerSecond(),
              percent(taken.agreement().disagreement()),
              taken.agreement().images()));
    }
    refused.forEach(
        other -> sentences.add("Not %s: %s.".formatted(other.candidate().name(), other.reason())));
    return sentences;
  }
}
