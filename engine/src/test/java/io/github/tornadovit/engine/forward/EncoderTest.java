package io.github.tornadovit.engine.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.engine.stage.Stage;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a program leaves out; that its values are right, ParityTest says. */
class EncoderTest {
  @Test
  void onlyTheClassTokenPassesTheLastMlpWhereItClassifies() {
    try (Checkpoint vit = DemoCheckpoint.VIT.open()) {
      Encoder encoder = new Encoder(vit.weights());
      int all = vit.config().tokens();
      assertThat(rowsOfLastMlp(encoder, Set.of(Stage.LOGITS))).containsExactly(1, 1);
      assertThat(rowsOfLastMlp(encoder, Set.of(Stage.LOGITS, Stage.CLASS_TOKEN, Stage.POOLED)))
          .containsExactly(1, 1);
      for (Stage stage :
          List.of(Stage.LAST_HIDDEN, Stage.PATCH_MEAN, Stage.hidden(vit.config().layers()))) {
        assertThat(rowsOfLastMlp(encoder, Set.of(Stage.LOGITS, stage)))
            .as(stage.label())
            .containsExactly(all, all);
      }
    }
  }

  @Test
  void theLastProductTakesTheMeanOfThePatchesWhereNothingElseIsAskedOfThem() {
    try (Checkpoint beit = DemoCheckpoint.BEIT.open();
        Checkpoint vit = DemoCheckpoint.VIT.open()) {
      Encoder encoder = new Encoder(beit.weights());
      int all = beit.config().tokens();
      Stage mean = Stage.patchMean(beit.config().layers());
      assertThat(
              List.of(
                  Set.of(Stage.LOGITS),
                  Set.of(Stage.LOGITS, Stage.CLASS_TOKEN, Stage.POOLER, Stage.PATCH_MEAN),
                  Set.of(mean, Stage.CLASS_TOKEN)))
          .allSatisfy(stages -> assertThat(rowsOfLastMlp(encoder, stages)).containsExactly(all, 2));
      assertThat(rowsOfLastMlp(encoder, Set.of(Stage.LOGITS, Stage.LAST_HIDDEN)))
          .containsExactly(all, all);
      assertThat(rowsOfLastMlp(encoder, Set.of(Stage.CLASS_TOKEN))).containsExactly(1, 1);

      Stage beforeTheNorm = Stage.patchMean(vit.config().layers());
      assertThat(rowsOfLastMlp(new Encoder(vit.weights()), Set.of(Stage.LOGITS, beforeTheNorm)))
          .containsExactly(vit.config().tokens(), 2);
    }
  }

  private static List<Integer> rowsOfLastMlp(Encoder encoder, Set<Stage> stages) {
    var sections = encoder.forward(stages).program().sections();
    List<Linear> products =
        sections.get(sections.size() - 2).operations().stream()
            .filter(Linear.class::isInstance)
            .map(Linear.class::cast)
            .toList();
    return products.subList(products.size() - 2, products.size()).stream()
        .map(linear -> linear.output().rows())
        .toList();
  }
}
