package io.github.tornadovit.weights.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.testing.TinyCheckpoint;
import io.github.tornadovit.weights.config.CheckpointNote;
import io.github.tornadovit.weights.config.CheckpointNote.Kind;
import io.github.tornadovit.weights.config.VisionConfig.Head;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models whose state dict was taken while something was wrapped around them. */
class PlainNamesTest {
  @TempDir Path folder;

  private Checkpoint open(TinyCheckpoint model) {
    return Checkpoint.open(model.write(folder), "m");
  }

  private static List<CheckpointNote> ofNames(Checkpoint checkpoint) {
    return checkpoint.notes().stream().filter(note -> note.kind() == Kind.TENSOR_NAMES).toList();
  }

  private void refused(TinyCheckpoint model, String... facts) {
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> open(model))
        .satisfies(e -> assertThat(e.getMessage()).contains(facts));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "module.",
        "_orig_mod.",
        "model.",
        "net.",
        "backbone.",
        "vit.",
        "module._orig_mod.",
        "_orig_mod.module.model.",
        "base_model.model.",
        "my.own.wrapper."
      })
  void readsOnePrefixAndSaysItOnce(String prefix) {
    for (TinyCheckpoint model :
        new TinyCheckpoint[] {TinyCheckpoint.vit(), TinyCheckpoint.deit(), TinyCheckpoint.beit()}) {
      try (Checkpoint checkpoint = open(model.prefixed(prefix))) {
        assertThat(checkpoint.config().head()).isEqualTo(Head.CLASSIFIER);
        assertThat(checkpoint.weights().blocks()).hasSize(1);
        assertThat(checkpoint.weights().heads().getFirst().weight().name())
            .isEqualTo(prefix + "classifier.weight");
        assertThat(checkpoint.unread()).isEmpty();
        assertThat(ofNames(checkpoint))
            .containsExactly(
                new CheckpointNote(
                    Kind.TENSOR_NAMES,
                    "tensor names are read without '" + prefix + "', which they begin with"));
      }
    }
  }

  /** What {@code self.vit = ViTModel(...)} in somebody's own module makes, head and all. */
  @ParameterizedTest
  @ValueSource(strings = {"vit.", "backbone.", "module.encoder."})
  void readsAnEncoderBelowAnyName(String prefix) {
    TinyCheckpoint model = TinyCheckpoint.vit().withoutBelow("classifier").renamed("vit.", "");
    try (Checkpoint checkpoint = open(model.config("architectures", "").prefixed(prefix))) {
      assertThat(checkpoint.weights().blocks()).hasSize(1);
      assertThat(checkpoint.config().head()).isEqualTo(Head.NONE);
    }
    TinyCheckpoint whole = TinyCheckpoint.vit().renamed("vit.", "").prefixed(prefix);
    try (Checkpoint checkpoint = open(whole)) {
      assertThat(checkpoint.weights().heads()).hasSize(1);
      assertThat(checkpoint.unread()).isEmpty();
    }
  }

  @Test
  void readsWrappersInTheMiddle() {
    TinyCheckpoint model =
        TinyCheckpoint.vit()
            .renamed("vit.", "vit._orig_mod.")
            .renamed("layer.0.", "layer.0._checkpoint_wrapped_module.");
    try (Checkpoint checkpoint = open(model)) {
      assertThat(checkpoint.weights().blocks()).hasSize(1);
      assertThat(ofNames(checkpoint))
          .singleElement()
          .asString()
          .contains("'vit._orig_mod.embeddings.cls_token' as 'vit.embeddings.cls_token'");
    }
  }

  @Test
  void namesWhatHasNoPrefix() {
    TinyCheckpoint lightning =
        TinyCheckpoint.vit().prefixed("model.").with("loss.weight", 3).with("accuracy.total", 1);
    try (Checkpoint checkpoint = open(lightning)) {
      assertThat(checkpoint.weights().heads()).hasSize(1);
      assertThat(checkpoint.unread())
          .extracting(TensorView::name)
          .containsExactly("accuracy.total", "loss.weight");
      assertThat(ofNames(checkpoint))
          .singleElement()
          .asString()
          .endsWith("2 without it are not read: 'accuracy.total', 'loss.weight'");
    }
  }

  @Test
  void saysNothingOfNamesAsTransformersGivesThem() {
    for (TinyCheckpoint model :
        new TinyCheckpoint[] {
          TinyCheckpoint.vit(), TinyCheckpoint.vit().withoutBelow("classifier").renamed("vit.", "")
        }) {
      try (Checkpoint checkpoint = open(model.config("architectures", ""))) {
        assertThat(ofNames(checkpoint)).isEmpty();
      }
    }
  }

  @Test
  void refusesTwoModels() {
    TinyCheckpoint teacher = TinyCheckpoint.vit().prefixed("student.");
    refused(
        teacher.with("teacher.vit.embeddings.cls_token", 1, 1, 4),
        "m: holds 2 encoders, below 'student.', 'teacher.'; expected one");
    refused(
        TinyCheckpoint.vit().with("module.classifier.bias", 3),
        "has the tensors 'classifier.bias' and 'module.classifier.bias'");
  }

  @Test
  void refusesAnAdapterThatIsNotMerged() {
    refused(
        TinyCheckpoint.vit()
            .prefixed("base_model.model.")
            .with("base_model.model.vit.encoder.layer.0.x.lora_A.default.weight", 2, 4),
        "is of an adapter (LoRA) that is not merged; call merge_and_unload()");
  }
}
