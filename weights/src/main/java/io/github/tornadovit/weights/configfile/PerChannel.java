package io.github.tornadovit.weights.configfile;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.weights.config.PreprocessorConfig.Normalize;
import io.github.tornadovit.weights.json.JsonObject;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Mean and deviation of the channels, as files of image processors give them.
 *
 * @param channels of an image
 * @param where the file, for messages
 */
record PerChannel(int channels, String where) {

  Normalize normalize(List<Double> mean, String deviationKey, List<Double> deviation) {
    if (deviation.contains(0.0)) {
      throw new CheckpointException(
          where, "key '%s' has a 0, expected numbers other than 0".formatted(deviationKey));
    }
    return new Normalize(mean, deviation);
  }

  /**
   * One number per channel.
   *
   * @param file null if it does not give them
   * @param repeats whether a list of one is for all channels; a number always is, and so is a
   *     default of one
   */
  List<Double> read(@Nullable JsonObject file, String key, boolean repeats, List<Double> absent) {
    List<Double> values = file == null ? absent : file.numbers(key);
    if (values.size() == 1 && (file == null || repeats || file.isNumber(key))) {
      return Collections.nCopies(channels, values.getFirst());
    }
    if (values.size() != channels) {
      throw new CheckpointException(
          where,
          "key '%s' has %d numbers, expected %d because num_channels=%d"
              .formatted(key, values.size(), channels, channels));
    }
    return values;
  }
}
