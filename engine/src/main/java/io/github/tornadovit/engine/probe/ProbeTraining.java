package io.github.tornadovit.engine.probe;

import io.github.tornadovit.engine.evaluation.DataSetException;
import io.github.tornadovit.engine.evaluation.LabelledImage;
import io.github.tornadovit.engine.evaluation.Scoring;
import io.github.tornadovit.engine.probe.Lbfgs.Minimum;
import io.github.tornadovit.engine.probe.TrainedProbe.Trial;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Trains a linear probe as Kornblith et al. do ("Do Better ImageNet Models Transfer Better?", CVPR
 * 2019): multinomial logistic regression with L2 by L-BFGS, its strength chosen on held-out images
 * among a logarithmic grid, each from the result of the one before, then trained again on all.
 *
 * {@snippet :
 * Path data = Path.of("flowers");
 * List<String> labels = LabelledImages.labels(data);
 * FeatureSet features =
 *     FeatureExtraction.run(
 *         model,
 *         Feature.of(Pooling.CLS),
 *         FeatureCache.in(FeatureCache.defaultFolder()),
 *         labels,
 *         LabelledImages.read(data, labels).images(),
 *         done -> {});
 * ProbeTraining.run(features, ProbeOptions.defaults()).save(Path.of("flower-probe"));
 * }
 */
public final class ProbeTraining {
  /**
   * Largest element of the gradient of the mean loss where training ends, and where a trial does;
   * scikit-learn's default is 1e-4.
   */
  private static final double TOLERANCE = 1e-6;

  private static final double TRIAL_TOLERANCE = 1e-5;

  private final FeatureSet features;
  private final ProbeOptions options;

  private ProbeTraining(FeatureSet features, ProbeOptions options) {
    this.features = features;
    this.options = options;
  }

  /** A probe and the regression that it comes from. */
  private record Fit(LinearProbe probe, Minimum minimum) {}

  /**
   * Trains. The same features and options give the same probe on any machine.
   *
   * @throws DataSetException if there are fewer than two classes, a class has no readable image, or
   *     no class has two of them, one for validation
   */
  public static TrainedProbe run(FeatureSet features, ProbeOptions options) {
    return new ProbeTraining(features, options).run();
  }

  private TrainedProbe run() {
    int[] labels = features.images().stream().mapToInt(LabelledImage::label).toArray();
    requireClasses(labels);
    StratifiedSplit split =
        StratifiedSplit.of(labels, classes(), options.validation(), options.seed());
    if (split.validation().isEmpty()) {
      throw new DataSetException(
          "training images", "no class has two images, expected one to train and one to validate");
    }
    List<Trial> trials = trials(split);
    Trial chosen =
        trials.stream()
            .min(
                Comparator.comparingDouble((Trial t) -> -t.accuracy())
                    .thenComparingDouble(Trial::loss))
            .orElseThrow();
    List<Integer> all = IntStream.range(0, labels.length).boxed().toList();
    Fit fit = fit(all, List.of(chosen.c()), TOLERANCE).getFirst();
    Scoring scoring = score(fit.probe(), all);
    return new TrainedProbe(
        fit.probe(),
        options,
        trials,
        chosen,
        labels.length,
        split.validation().size(),
        scoring.accuracy(),
        scoring.loss(),
        fit.minimum().value(),
        fit.minimum().converged(),
        features.cached(),
        features.unreadable());
  }

  private int classes() {
    return features.labels().size();
  }

  private void requireClasses(int[] labels) {
    if (classes() < 2) {
      throw new DataSetException(
          "training images",
          "there is one class, '%s', expected two or more".formatted(features.labels().getFirst()));
    }
    for (int id = 0; id < classes(); id++) {
      int wanted = id;
      if (IntStream.of(labels).noneMatch(label -> label == wanted)) {
        throw new DataSetException(
            "training images",
            "class '%s' has no image that can be read".formatted(features.labels().get(id)));
      }
    }
  }

  private List<Trial> trials(StratifiedSplit split) {
    List<Fit> fits = fit(split.training(), options.c(), TRIAL_TOLERANCE);
    List<Trial> trials = new ArrayList<>();
    for (int i = 0; i < fits.size(); i++) {
      Scoring scoring = score(fits.get(i).probe(), split.validation());
      Minimum minimum = fits.get(i).minimum();
      trials.add(
          new Trial(
              options.c().get(i),
              scoring.accuracy(),
              scoring.loss(),
              minimum.iterations(),
              minimum.converged()));
    }
    return trials;
  }

  /** A probe for each C, trained on some of the images; each starts where the one before ended. */
  private List<Fit> fit(List<Integer> places, List<Double> strengths, double tolerance) {
    List<float[]> rows = places.stream().map(features.rows()::get).toList();
    int[] labels = places.stream().mapToInt(i -> features.images().get(i).label()).toArray();
    Standardization standardization = Standardization.of(rows);
    float[] standardized = standardization.apply(rows);
    List<Fit> fits = new ArrayList<>();
    double[] start = null;
    for (double c : strengths) {
      SoftmaxRegression regression = new SoftmaxRegression(standardized, labels, classes(), c);
      Minimum minimum =
          new Lbfgs(tolerance, options.maxIterations())
              .minimize(regression, start == null ? new double[regression.size()] : start);
      start = minimum.point();
      fits.add(new Fit(probe(standardization, start), minimum));
    }
    return fits;
  }

  /** Transposes the parameters and rounds them to what a file holds. */
  private LinearProbe probe(Standardization standardization, double[] parameters) {
    int width = features.width();
    float[] weight = new float[classes() * width];
    float[] bias = new float[classes()];
    for (int k = 0; k < bias.length; k++) {
      for (int i = 0; i < width; i++) {
        weight[k * width + i] = (float) parameters[i * bias.length + k];
      }
      bias[k] = (float) parameters[width * bias.length + k];
    }
    return new LinearProbe(
        "probe", features.source(), features.labels(), standardization, weight, bias);
  }

  private Scoring score(LinearProbe probe, List<Integer> places) {
    Scoring scoring = new Scoring(features.labels());
    for (int place : places) {
      scoring.add(features.images().get(place), probe.logits(features.rows().get(place)));
    }
    return scoring;
  }
}
