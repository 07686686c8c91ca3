package io.github.tornadovit.engine.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.weights.config.VisionConfig.Extent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The table rows that transformers computes as {@code relative_position_index} for 14x14 patches.
 */
class RelativePositionsTest {
  private static final Extent GRID = new Extent(14, 14);

  @ParameterizedTest(name = "query {0}, key {1}: row {2}")
  @CsvSource({
    "0, 0, 731",
    "0, 1, 729",
    "0, 196, 729",
    "1, 0, 730",
    "196, 0, 730",
    "1, 1, 364",
    "1, 2, 363",
    "2, 1, 365",
    "1, 15, 337",
    "196, 1, 728",
    "1, 196, 0"
  })
  void rowsAreThoseOfTransformers(int query, int key, int row) {
    assertThat(RelativePositions.row(query, key, GRID)).isEqualTo(row);
  }

  @Test
  void everyRowIsUsed() {
    boolean[] used = new boolean[27 * 27 + 3];
    for (int query = 0; query < 197; query++) {
      for (int key = 0; key < 197; key++) {
        used[RelativePositions.row(query, key, GRID)] = true;
      }
    }
    assertThat(used).doesNotContain(false);
  }
}
