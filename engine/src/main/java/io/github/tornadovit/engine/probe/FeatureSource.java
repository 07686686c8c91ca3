package io.github.tornadovit.engine.probe;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.Precision;
import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Everything that a feature of an image depends on besides the image: two of equal source can be
 * compared, others cannot. A new option of the engine that changes features belongs here.
 *
 * @param checkpoint name of the checkpoint, which decides nothing
 * @param checkpointSha256 its content, weights and preprocessing: {@link VisionModel#digest}
 * @param imageSize pixels that the model sees
 * @param applyOrientation whether images are turned as their EXIF orientation says
 * @param precision of the products that computed them
 * @param feature what is taken of the forward pass
 */
public record FeatureSource(
    String checkpoint,
    String checkpointSha256,
    Extent imageSize,
    boolean applyOrientation,
    Precision precision,
    Feature feature) {

  /** The source of a model's features. Reads the whole checkpoint, for its content. */
  public static FeatureSource of(VisionModel model, Feature feature) {
    return new FeatureSource(
        model.name(),
        model.digest(),
        model.config().imageSize(),
        model.session().options().applyOrientation(),
        model.session().options().precision(),
        feature);
  }

  /** All that decides, by name. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("checkpoint content (SHA-256)", checkpointSha256);
    facts.put("image size", imageSize);
    facts.put("EXIF orientation applied", applyOrientation);
    facts.put("precision", precision.label());
    facts.put("pooling", feature.pooling().label());
    facts.put("layer", feature.layer() == null ? "last" : feature.layer());
    facts.put("normalised", feature.normalized());
    return facts;
  }

  /**
   * Does nothing for a source whose features can be compared with this one's.
   *
   * @param probe who needs the features of this source, for the message
   * @throws CheckpointException if something differs; the message says what
   */
  void requireSame(FeatureSource other, String probe) {
    Map<String, Object> theirs = other.facts();
    facts()
        .forEach(
            (fact, expected) -> {
              Object got = Objects.requireNonNull(theirs.get(fact));
              if (!got.equals(expected)) {
                throw new CheckpointException(
                    probe,
                    ("was trained on features of %s, which differ from those of %s: %s is %s,"
                            + " expected %s; use what it was trained on, or train another")
                        .formatted(checkpoint, other.checkpoint, fact, got, expected));
              }
            });
  }
}
