package io.github.tornadovit.cli.doctor;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.image.RgbImage;
import io.github.tornadovit.kernels.backend.Backend;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.BackendOverview;
import io.github.tornadovit.kernels.backend.Backends;
import io.github.tornadovit.kernels.backend.DeviceDescription;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The demo model on every backend and device that can be used, against the reference backend. */
final class SelfTests {
  private static final String SECTION = "self-test";

  /** Of one logit, absolute: what the engine promises against transformers. */
  private static final double TOLERANCE = 1e-4;

  /**
   * Where activations are rounded, one may go the other way after float32 sums in another order.
   */
  private static final double REDUCED_TOLERANCE = 0.05;

  private static final int IMAGES = 2;

  private SelfTests() {}

  static List<Finding> run(Question question, BackendOverview overview) {
    ModelOptions options =
        ModelOptions.defaults().withBatch(IMAGES).withPrecision(question.precision());
    List<float[]> expected = logits(options.withBackend(BackendChoice.REFERENCE));
    List<Finding> findings = new ArrayList<>();
    for (ModelOptions target : targets(options, question, overview)) {
      findings.add(compare(target, expected));
    }
    if (findings.isEmpty()) {
      String precision = question.precision().label();
      findings.add(
          Finding.failure(
              SECTION,
              precision,
              "nothing here runs " + precision,
              "use a device that devices shows with it, or another --precision"));
    }
    return findings;
  }

  private static List<ModelOptions> targets(
      ModelOptions options, Question question, BackendOverview overview) {
    String device = question.device();
    if (device != null) {
      return List.of(options.withBackend(BackendChoice.TORNADO).withDevice(device));
    }
    if (question.backend() != BackendChoice.AUTO) {
      return List.of(options.withBackend(question.backend()));
    }
    List<ModelOptions> targets = new ArrayList<>();
    if (question.precision() != Precision.F16) {
      targets.add(options.withBackend(BackendChoice.CPU));
    }
    if (question.precision() == Precision.BF16 || question.precision() == Precision.INT8) {
      return targets; // Devices have neither.
    }
    List<DeviceDescription> devices = overview.usableDevices();
    List<DeviceDescription> able =
        devices.stream()
            .filter(one -> Backends.precision(one, question.precision()).device() != null)
            .toList();
    for (DeviceDescription one : able.isEmpty() ? devices : able) {
      targets.add(
          options.withBackend(BackendChoice.TORNADO).withDevice(Integer.toString(one.index())));
    }
    return targets;
  }

  private static Finding compare(ModelOptions target, List<float[]> expected) {
    String device = target.device();
    boolean exact = target.precision() == Precision.F32;
    double tolerance = exact ? TOLERANCE : REDUCED_TOLERANCE;
    String name =
        target.backend()
            + (device == null ? "" : " device " + device)
            + (exact ? "" : " " + target.precision().label());
    long start = System.nanoTime();
    try {
      double difference = largestDifference(logits(target), expected);
      String value =
          "largest difference to the reference %.1e, %d ms with loading"
              .formatted(difference, (System.nanoTime() - start) / 1_000_000);
      // NaN is a failure too.
      return difference <= tolerance
          ? Finding.ok(SECTION, name, value)
          : Finding.failure(
              SECTION,
              name,
              value + ", expected at most " + tolerance,
              "do not trust it: use another backend, and report this output");
    } catch (BackendException failure) {
      return Finding.failure(SECTION, name, String.valueOf(failure.getMessage()), remedy(target));
    }
  }

  /** What a driver can mend, and what only another device has. */
  private static String remedy(ModelOptions target) {
    try (Backend opened =
        Backends.select(target.backend(), target.threads(), target.device()).backend()) {
      opened.device(target.precision());
      return "use another backend or device; update the driver";
    } catch (BackendException lacking) {
      return "use --precision f32, or a device that has "
          + target.precision().label()
          + " (devices says which)";
    }
  }

  private static List<float[]> logits(ModelOptions options) {
    try (VisionModel model = VisionModel.load(DemoCheckpoint.VIT, options)) {
      List<RgbImage> images = new ArrayList<>();
      Random random = new Random(1);
      for (int i = 0; i < IMAGES; i++) {
        byte[] rgb = new byte[64 * 64 * 3];
        random.nextBytes(rgb);
        images.add(RgbImage.of(64, 64, rgb));
      }
      return model.classify(images).stream().map(answer -> answer.logits()).toList();
    }
  }

  static double largestDifference(List<float[]> actual, List<float[]> expected) {
    double largest = 0;
    for (int image = 0; image < expected.size(); image++) {
      for (int id = 0; id < expected.get(image).length; id++) {
        double difference = Math.abs((double) actual.get(image)[id] - expected.get(image)[id]);
        largest = Double.isNaN(difference) ? difference : Math.max(largest, difference);
        if (Double.isNaN(largest)) {
          return largest;
        }
      }
    }
    return largest;
  }
}
