package io.github.tornadovit.weights.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.testing.Tensors;
import io.github.tornadovit.weights.config.CheckpointNote;
import io.github.tornadovit.weights.config.CheckpointNote.Kind;
import io.github.tornadovit.weights.config.Mlp;
import io.github.tornadovit.weights.config.Pooler;
import io.github.tornadovit.weights.config.Positions;
import io.github.tornadovit.weights.config.SelfAttention;
import io.github.tornadovit.weights.config.SelfAttention.BiasInterpolation;
import io.github.tornadovit.weights.config.TokenPooling;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Head;
import io.github.tornadovit.weights.config.VisionConfig.ProblemType;
import io.github.tornadovit.weights.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What families make of their {@code config.json}. */
class FamilyTest {
  private static final Map<String, TensorView> CLASSIFIER = Tensors.named("classifier.weight");

  private final List<CheckpointNote> notes = new ArrayList<>();

  private static VisionConfig read(String json, Map<String, TensorView> tensors) {
    return read(json, tensors, _ -> {});
  }

  private static VisionConfig read(
      String json, Map<String, TensorView> tensors, Consumer<CheckpointNote> notes) {
    byte[] content = json.getBytes(StandardCharsets.UTF_8);
    JsonObject config = JsonObject.parse(content, "m/config.json");
    return Family.of(config).config(config, tensors, notes);
  }

  private static VisionConfig vit(String more) {
    return read("{\"model_type\":\"vit\"" + more + "}", CLASSIFIER);
  }

  private static void refused(String json, String... facts) {
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> read(json, CLASSIFIER))
        .withMessageStartingWith("m/config.json: ")
        .satisfies(e -> assertThat(e.getMessage()).contains(facts));
  }

  private static void vitRefused(String more, String... facts) {
    refused("{\"model_type\":\"vit\"" + more + "}", facts);
  }

  @ParameterizedTest
  @CsvSource({
    "gelu, GELU",
    "gelu_python, GELU",
    "gelu_new, GELU_TANH",
    "gelu_pytorch_tanh, GELU_TANH",
    "gelu_python_tanh, GELU_TANH",
    "gelu_fast, GELU_TANH",
    "gelu_accurate, GELU_TANH",
    "quick_gelu, QUICK_GELU",
    "relu, RELU",
    "silu, SILU",
    "swish, SILU",
    "tanh, TANH",
    "linear, IDENTITY"
  })
  void knowsActivations(String name, Activation activation) {
    String json =
        "{\"model_type\":\"vit\",\"hidden_act\":\"%1$s\",\"pooler_act\":\"%1$s\"}".formatted(name);
    VisionConfig config = read(json, Tensors.named("pooler.dense.weight"));
    assertThat(config.encoder().mlp()).isEqualTo(new Mlp.Plain(activation, 3072));
    assertThat(config.pooler()).isEqualTo(new Pooler.Dense(activation, 768));
  }

  @Test
  void refusesUnknownNamesAndListsTheKnown() {
    vitRefused(
        ",\"hidden_act\":\"mish\"",
        "key 'hidden_act' is \"mish\", expected one of gelu, gelu_accurate,");
    vitRefused(",\"hidden_act\":null", "key 'hidden_act' is null, expected one of");
    String known =
        "expected one of vit, vit_mae, vit_msn, beit, data2vec-vision, deit, dinov2,"
            + " dinov2_with_registers, dinov3_vit, ijepa, clip, clip_vision_model, metaclip_2,"
            + " metaclip_2_vision_model, siglip, siglip_vision_model, timm_wrapper, or in its place"
            + " timm's 'architecture'";
    refused("{}", "key 'model_type' is missing, " + known);
    refused("{\"model_type\":\"swin\"}", "is \"swin\", " + known);
    refused("{\"model_type\":null}", "key 'model_type' is null, expected one of");
    vitRefused(",\"problem_type\":\"x\"", "\"x\", expected one of single_label_classification");
  }

  private static VisionConfig dinov2(String type, String more) {
    return read("{\"model_type\":\"%s\"%s}".formatted(type, more), CLASSIFIER);
  }

  @Test
  void readsDinov2() {
    VisionConfig config = dinov2("dinov2", ",\"hidden_act\":\"quick_gelu\"");
    assertThat(config.architecture()).hasToString("DINOv2");
    assertThat(config.encoder().mlp()).isEqualTo(new Mlp.Plain(Activation.QUICK_GELU, 3072));
    assertThat(config.encoder().layerScale()).isTrue();
    assertThat(config.encoder().norms().eps()).isEqualTo(1e-6f);
    assertThat(config.geometry().anySize()).isTrue();
    assertThat(config.patchSize()).hasToString("14x14");
    assertThat(config.prefixTokens()).isEqualTo(1);
    assertThat(config.pooledSize()).isEqualTo(2 * 768);
    assertThat(config.poolerSize()).isEqualTo(768);
  }

  @Test
  void readsRegisters() {
    VisionConfig config = dinov2("dinov2_with_registers", "");
    assertThat(config.patchSize()).hasToString("16x16");
    assertThat(config.prefixTokens()).isEqualTo(5);
    assertThat(config.encoder().embeddings().positionedPrefix()).isEqualTo(1);
    assertThat(dinov2("dinov2_with_registers", ",\"num_register_tokens\":0").prefixTokens())
        .isEqualTo(1);
    assertThat(dinov2("dinov2", ",\"num_register_tokens\":4").prefixTokens()).isEqualTo(1);
  }

  /** {@code (int(int(hidden_size * mlp_ratio) * 2 / 3) + 7) // 8 * 8} of transformers. */
  @ParameterizedTest
  @CsvSource({"1536, 4, 4096", "768, 4, 2048", "20, 2, 32", "15, 3, 32", "384, 4, 1024"})
  void roundsTheWidthOfAGatedMlp(int hidden, int ratio, int expected) {
    String sizes =
        ",\"hidden_size\":%d,\"mlp_ratio\":%d,\"use_swiglu_ffn\":true,\"num_attention_heads\":1"
            .formatted(hidden, ratio);
    assertThat(dinov2("dinov2", sizes).encoder().mlp())
        .isEqualTo(new Mlp.Gated(Activation.SILU, expected));
  }

  @Test
  void refusesWhatDinov2CannotBe() {
    String start = "{\"model_type\":\"dinov2_with_registers\",";
    refused(start + "\"mlp_ratio\":0}", "key 'mlp_ratio' is 0, expected a number that makes 1 to");
    refused(start + "\"mlp_ratio\":1e9}", "key 'mlp_ratio' is 1", "of hidden_size=768");
    refused(start + "\"num_register_tokens\":-1}", "key 'num_register_tokens' is -1");
    refused(start + "\"num_register_tokens\":true}", "key 'num_register_tokens' is true");
    refused(start + "\"use_swiglu_ffn\":\"yes\"}", "key 'use_swiglu_ffn' is \"yes\"");
    refused(
        start + "\"image_size\":[224,448]}",
        "image_size=224x448 and patch_size=16x16 make 14x28 patches, expected a square grid");
  }

  private static VisionConfig dinov3(String more) {
    return read("{\"model_type\":\"dinov3_vit\"%s}".formatted(more), Tensors.named("x"));
  }

  @Test
  void readsDinov3() {
    VisionConfig config = dinov3("");
    assertThat(config.architecture()).hasToString("DINOv3");
    assertThat(config.hiddenSize()).isEqualTo(384);
    assertThat(config.encoder().attention())
        .isEqualTo(
            new SelfAttention(
                6, 64, true, false, true, true, Set.of(), BiasInterpolation.BILINEAR));
    assertThat(config.encoder().mlp()).isEqualTo(new Mlp.Plain(Activation.GELU, 1536));
    assertThat(config.encoder().embeddings().positions()).isEqualTo(new Positions.Rotary(100));
    assertThat(config.encoder().layerScale()).isTrue();
    assertThat(config.encoder().norms().eps()).isEqualTo(1e-5f);
    assertThat(config.prefixTokens()).isEqualTo(1);
    assertThat(config.geometry().anySize()).isTrue();
    assertThat(config.pooler()).isEqualTo(new Pooler.ClassToken());
    VisionConfig other =
        dinov3(
            ",\"num_register_tokens\":4,\"rope_theta\":10,\"use_gated_mlp\":true,\"mlp_bias\":false,"
                + "\"hidden_act\":\"silu\",\"proj_bias\":false,\"key_bias\":true,\"query_bias\":false");
    assertThat(other.prefixTokens()).isEqualTo(5);
    assertThat(other.encoder().mlp()).isEqualTo(new Mlp.Gated(Activation.SILU, 1536, false));
    assertThat(other.encoder().attention())
        .isEqualTo(
            new SelfAttention(
                6, 64, false, true, true, false, Set.of(), BiasInterpolation.BILINEAR));
    assertThat(other.encoder().embeddings().positions()).isEqualTo(new Positions.Rotary(10));
  }

  @Test
  void refusesWhatDinov3CannotBe() {
    String start = "{\"model_type\":\"dinov3_vit\",";
    for (String theta : List.of("0", "-100", "0.5", "1e300")) {
      refused(
          start + "\"rope_theta\":" + theta + "}",
          "key 'rope_theta' is ",
          "expected a number from 1 to 1e9");
    }
    refused(start + "\"rope_theta\":\"100\"}", "key 'rope_theta' is \"100\"");
    refused(start + "\"rope_theta\":null}", "key 'rope_theta' is null");
    refused(
        start + "\"num_attention_heads\":64}",
        "hidden_size=384 (default) and num_attention_heads=64 make heads of 6, expected a multiple of 4");
    refused(start + "\"num_register_tokens\":-1}", "key 'num_register_tokens' is -1");
    refused(start + "\"use_gated_mlp\":1}", "key 'use_gated_mlp' is 1");
    refused("{\"model_type\":\"dinov3_convnext\"}", "dinov3_vit", "ConvNeXt", "not supported");
  }

  /**
   * Keys of the vision encoder are nested beside those of the text encoder, and all may be absent.
   */
  @ParameterizedTest
  @CsvSource({
    "'{\"model_type\":\"clip\"}', 768, 32x32, QUICK_GELU",
    "'{\"model_type\":\"clip\",\"vision_config\":{\"hidden_size\":24},\"hidden_size\":36}', 24, 32x32, QUICK_GELU",
    "'{\"model_type\":\"clip\",\"vision_config\":{\"hidden_size\":24},\"vision_config_dict\":{\"patch_size\":14}}', 768, 14x14, QUICK_GELU",
    "'{\"model_type\":\"clip\",\"vision_config\":{\"hidden_size\":24},\"vision_config_dict\":null}', 24, 32x32, QUICK_GELU",
    "'{\"model_type\":\"clip_vision_model\",\"hidden_size\":36,\"hidden_act\":\"gelu\"}', 36, 32x32, GELU",
    "'{\"model_type\":\"metaclip_2\",\"vision_config\":null}', 768, 32x32, QUICK_GELU",
    "'{\"model_type\":\"siglip\"}', 768, 16x16, GELU_TANH",
    "'{\"model_type\":\"siglip\",\"vision_config\":{\"hidden_size\":24}}', 24, 16x16, GELU_TANH",
    "'{\"model_type\":\"siglip_vision_model\",\"hidden_size\":36}', 36, 16x16, GELU_TANH"
  })
  void readsTheVisionEncoderOfTwo(String json, int width, String patch, Activation activation) {
    VisionConfig config = read(json, Tensors.named("vision_model.x", "text_model.x"), notes::add);
    assertThat(config.hiddenSize()).isEqualTo(width);
    assertThat(config.patchSize()).hasToString(patch);
    assertThat(config.encoder().mlp().activation()).isEqualTo(activation);
    assertThat(config.head()).isEqualTo(Head.NONE);
    assertThat(notes)
        .filteredOn(note -> note.kind() == Kind.HEAD)
        .singleElement()
        .asString()
        .contains("a model of images and text", "'text_model.x'", "no classifier");
  }

  @Test
  void theTensorsOfATowerTellItsHeads() {
    String clip = "{\"model_type\":\"clip\",\"projection_dim\":6}";
    assertThat(read(clip, Tensors.named("visual_projection.weight")).projectionSize()).isEqualTo(6);
    assertThat(read(clip, CLASSIFIER).projectionSize()).isZero();
    assertThat(read(clip, CLASSIFIER).pooling()).isEqualTo(new TokenPooling.PatchMean(false));
    String siglip = "{\"model_type\":\"siglip\"%s}";
    Map<String, TensorView> headed = Tensors.named("vision_model.head.probe");
    assertThat(read(siglip.formatted(""), headed).pooler())
        .isEqualTo(new Pooler.AttentionHead(new Mlp.Plain(Activation.GELU_TANH, 3072)));
    assertThat(read(siglip.formatted(""), CLASSIFIER).pooler()).isEqualTo(new Pooler.None());
    String headless = ",\"vision_config\":{\"vision_use_head\":false}";
    assertThat(read(siglip.formatted(headless), headed, notes::add).pooler())
        .isEqualTo(new Pooler.None());
    assertThat(notes)
        .singleElement()
        .asString()
        .contains("vision_config.vision_use_head=false leaves out the attention pooling head, 1")
        .contains("tensor of the encoder: 'vision_model.head.probe'; the mean");
  }

  @Test
  void refusesNaFlexAndWhatIsNoObject() {
    refused("{\"model_type\":\"siglip2\"}", "is \"siglip2\"", "NaFlex", "not supported");
    refused("{\"model_type\":\"siglip2_vision_model\"}", "NaFlex");
    refused("{\"model_type\":\"clip\",\"vision_config\":3}", "'vision_config' is 3, expected");
    refused(
        "{\"model_type\":\"siglip\",\"vision_config\":{\"hidden_size\":7}}",
        "hidden_size=7 is not a multiple of num_attention_heads=12");
  }

  @Test
  void refusesSegmentationByItsTensors() {
    for (String tensor : new String[] {"decode_head.x", "auxiliary_head.x"}) {
      assertThatExceptionOfType(CheckpointException.class)
          .isThrownBy(() -> read("{\"model_type\":\"beit\"}", Tensors.named(tensor)))
          .withMessageContaining(
              "tensor '" + tensor + "' belongs to a model for semantic segmentation");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "beit, BeitForMaskedImageModeling, lm_head.weight",
    "vit, ViTForMaskedImageModeling, decoder.0.weight",
    "deit, DeiTForMaskedImageModeling, decoder.0.weight",
    "vit_mae, ViTMAEForPreTraining, decoder.mask_token",
    "beit, , lm_head.bias",
    "beit, BeitForImageClassification, lm_head.bias"
  })
  void takesTheEncoderOfMaskedImageModelling(String type, @Nullable String name, String tensor) {
    String architectures = name == null ? "null" : "[\"" + name + "\"]";
    String json = "{\"model_type\":\"%s\",\"architectures\":%s}".formatted(type, architectures);
    VisionConfig config = read(json, Tensors.named(tensor), notes::add);
    assertThat(config.head()).isEqualTo(Head.NONE);
    assertThat(config.labels()).isEmpty();
    assertThat(notes).singleElement().extracting(CheckpointNote::kind).isEqualTo(Kind.HEAD);
    assertThat(notes.getFirst().text())
        .contains("masked image modelling", "'" + tensor + "'", "no classifier");
  }

  @ParameterizedTest
  @CsvSource({
    "vit, ViTForImageClassification, classifier.weight, CLASSIFIER, ''",
    "vit, ViTModel, classifier.weight, CLASSIFIER, names \"ViTModel\"",
    "vit, FaceMaskNet, classifier.weight, CLASSIFIER, names \"FaceMaskNet\"",
    "vit, SwinModel, classifier.bias, CLASSIFIER, names \"SwinModel\"",
    "vit, ViTModel, vit.x, NONE, ''",
    "vit, FaceMaskNet, vit.x, NONE, names \"FaceMaskNet\"",
    "vit, ViTForImageClassification, vit.x, NONE, there is no tensor 'classifier.weight'",
    "deit, DeiTForImageClassification, cls_classifier.weight, DISTILLED, 'cls_classifier.weight'",
    "deit, DeiTForImageClassificationWithTeacher, classifier.weight, CLASSIFIER, names",
    "vit_mae, ViTMAEModel, classifier.weight, NONE, ''"
  })
  void letsTheTensorsDecideTheHead(
      String type, String name, String tensor, Head head, String note) {
    String json = "{\"model_type\":\"%s\",\"architectures\":[\"%s\"]}".formatted(type, name);
    assertThat(read(json, Tensors.named(tensor), notes::add).head()).isEqualTo(head);
    if (note.isEmpty()) {
      assertThat(notes).isEmpty();
    } else {
      assertThat(notes).singleElement().asString().contains(note);
    }
  }

  @Test
  void infersTheHeadWithoutArchitectures() {
    String deit = "{\"model_type\":\"deit\"}";
    assertThat(read(deit, Tensors.named("cls_classifier.weight")).head()).isEqualTo(Head.DISTILLED);
    assertThat(read(deit, CLASSIFIER).head()).isEqualTo(Head.CLASSIFIER);
    VisionConfig base = read(deit, Tensors.named("x"), notes::add);
    assertThat(base.head()).isEqualTo(Head.NONE);
    assertThat(base.labels()).isEmpty();
    assertThat(notes).isEmpty();
    assertThat(vit(",\"architectures\":null").head()).isEqualTo(Head.CLASSIFIER);
    assertThat(read("{\"model_type\":\"vit\",\"id2label\":{}}", CLASSIFIER, notes::add).head())
        .isEqualTo(Head.NONE);
    assertThat(notes)
        .singleElement()
        .asString()
        .contains("no classes, but there is a tensor 'classifier.weight'");
    assertThat(vit(",\"num_labels\":0").head()).isEqualTo(Head.NONE);
  }

  /** Of a model with both classifiers' tensors, only the name can tell. */
  @Test
  void letsTheNameDecideBetweenTwoHeads() {
    String deit = "{\"model_type\":\"deit\",\"architectures\":[\"%s\"]}";
    Map<String, TensorView> both = Tensors.named("classifier.weight", "cls_classifier.weight");
    assertThat(read(deit.formatted("DeiTForImageClassification"), both).head())
        .isEqualTo(Head.CLASSIFIER);
    assertThat(read(deit.formatted("DeiTForImageClassificationWithTeacher"), both).head())
        .isEqualTo(Head.DISTILLED);
  }

  @Test
  void countsTheClassesThatNobodyNames() {
    Map<String, TensorView> five =
        Map.of("classifier.weight", Tensors.of("classifier.weight", 5, 4));
    VisionConfig config = read("{\"model_type\":\"vit\"}", five, notes::add);
    assertThat(config.labels()).hasSize(5).endsWith("LABEL_4");
    assertThat(notes).singleElement().extracting(CheckpointNote::kind).isEqualTo(Kind.LABELS);
    notes.clear();
    assertThat(read("{\"model_type\":\"vit\"}", CLASSIFIER, notes::add).labels())
        .containsExactly("LABEL_0", "LABEL_1");
    assertThat(notes).isEmpty();
  }

  /** ImageNet has two cranes; those do not matter among a thousand. */
  @Test
  void saysWhichClassesAnswersDoNotTellApart() {
    String vit = "{\"model_type\":\"vit\",\"id2label\":{\"0\":\"a\",\"1\":\"%s\",\"2\":\"%s\"}}";
    read(vit.formatted("b", "a"), CLASSIFIER, notes::add);
    assertThat(notes)
        .singleElement()
        .hasToString(
            "1 of 3 classes have the name of another: classes 0 and 2 are both 'a'; names in"
                + " config.json should tell them apart");
    notes.clear();
    read(vit.formatted("", " "), CLASSIFIER, notes::add);
    assertThat(notes)
        .singleElement()
        .hasToString("2 of 3 classes have an empty name, class 1 first; name them in config.json");
    notes.clear();
    read(vit.formatted("b", "c"), CLASSIFIER, notes::add);
    assertThat(notes).isEmpty();
  }

  @Test
  void sortsLabelsByNumber() {
    assertThat(
            vit(",\"id2label\":{\"10\":\"k\",\"2\":\"c\",\"0\":\"a\",\"1\":\"b\",\"3\":\"d\","
                    + "\"4\":\"e\",\"5\":\"f\",\"6\":\"g\",\"7\":\"h\",\"8\":\"i\",\"9\":\"j\"}")
                .labels())
        .containsExactly("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k");
    assertThat(vit(",\"num_labels\":3").labels()).containsExactly("LABEL_0", "LABEL_1", "LABEL_2");
    assertThat(vit(",\"id2label\":{\"0\":\"a\",\"1\":\"b\"},\"num_labels\":3").labels())
        .containsExactly("LABEL_0", "LABEL_1", "LABEL_2");
    assertThat(vit(",\"id2label\":{\"0\":0,\"1\":1}").labels()).containsExactly("0", "1");
  }

  @Test
  void refusesLabelsThatAreNotNumbered() {
    vitRefused(
        ",\"id2label\":{\"0\":\"a\",\"2\":\"b\"}",
        "up to 2, expected each from 0 to 1; add class 1");
    vitRefused(
        ",\"id2label\":{\"0\":\"a\",\"2\":\"b\",\"3\":\"c\"}",
        "names 3 classes up to 3, expected each from 0 to 2; add class 1");
    vitRefused(",\"id2label\":{\"a\":\"0\"}", "has an entry 'a', expected a class number");
    vitRefused(",\"id2label\":{\"-1\":\"0\"}", "has an entry '-1'");
    vitRefused(",\"id2label\":{\"9999999999\":\"0\"}", "has an entry '9999999999'");
    vitRefused(",\"id2label\":{\"0\":\"a\",\"00\":\"b\"}", "names class 00 twice");
    vitRefused(",\"id2label\":{\"0\":null}", "key 'id2label.0' is null, expected a string");
    vitRefused(",\"id2label\":[\"a\"]", "key 'id2label' is [a], expected an object");
    vitRefused(",\"num_labels\":-1", "key 'num_labels' is -1, expected an integer from 0");
  }

  @Test
  void decidesHowLogitsBecomeScores() {
    assertThat(vit("").problemType()).isEqualTo(ProblemType.SINGLE_LABEL);
    assertThat(vit(",\"num_labels\":1").problemType()).isEqualTo(ProblemType.MULTI_LABEL);
    assertThat(vit(",\"problem_type\":\"multi_label_classification\"").problemType())
        .isEqualTo(ProblemType.MULTI_LABEL);
    assertThat(vit(",\"problem_type\":\"regression\"").problemType())
        .isEqualTo(ProblemType.SINGLE_LABEL);
  }

  @Test
  void refusesOtherTypesThanExpected() {
    vitRefused(
        ",\"hidden_size\":\"768\"", "key 'hidden_size' is \"768\", expected an integer from");
    vitRefused(",\"hidden_size\":768.0", "key 'hidden_size' is 768.0, expected an integer");
    vitRefused(",\"hidden_size\":null", "key 'hidden_size' is null, expected an integer");
    vitRefused(",\"hidden_size\":true", "key 'hidden_size' is true, expected an integer");
    vitRefused(",\"hidden_size\":99999999999", "is 99999999999, expected an integer from 1");
    vitRefused(",\"qkv_bias\":1", "key 'qkv_bias' is 1, expected true or false");
    vitRefused(",\"layer_norm_eps\":\"1e-12\"", "'layer_norm_eps' is \"1e-12\", expected a number");
    vitRefused(",\"layer_norm_eps\":NaN", "key 'layer_norm_eps' is NaN, expected a number");
    vitRefused(",\"layer_scale_init_value\":-Infinity,\"num_labels\":NaN", "is NaN, expected");
    vitRefused(",\"layer_norm_eps\":1e999", "expected a number");
    vitRefused(
        ",\"image_size\":[224]", "key 'image_size' is [224], expected an integer or [height");
    vitRefused(",\"image_size\":{\"height\":1}", "is an object, expected an integer or [height");
    vitRefused(",\"image_size\":[1,2,3,4,5]", "is a list of 5, expected");
    vitRefused(",\"architectures\":\"ViTModel\"", "is \"ViTModel\", expected a list of strings");
    vitRefused(",\"problem_type\":1", "key 'problem_type' is 1, expected a string");
  }

  @Test
  void refusesAbsurdNumbers() {
    vitRefused(",\"hidden_size\":0", "expected an integer from 1 to 65536");
    vitRefused(",\"num_hidden_layers\":100000", "expected an integer from 1 to 1024");
    vitRefused(",\"image_size\":100000", "key 'image_size' is 100000, expected an integer from 1");
    vitRefused(",\"patch_size\":300", "patch_size=300x300 is larger than image_size=224x224");
    vitRefused(",\"image_size\":16384,\"patch_size\":1", "make 16384x16384 patches");
    vitRefused(",\"num_attention_heads\":7", "hidden_size=768 is not a multiple of");
    vitRefused(",\"layer_norm_eps\":-1", "expected a number from 0 to 1");
    vitRefused(",\"head_dim\":100000", "key 'head_dim' is 100000");
    refused(
        "{\"model_type\":\"beit\",\"use_relative_position_bias\":true,\"image_size\":[224,192]}",
        "grid of 14x12 patches, expected a square one");
  }

  @ParameterizedTest
  @CsvSource({"clip, CLIP, 32x32", "metaclip_2, MetaCLIP 2, 32x32", "siglip, SigLIP, 16x16"})
  void saysThatAnEncoderIsTakenByDefaultAsAWhole(String type, String title, String patch) {
    String json = "{\"model_type\":\"%s\"%s}";
    read(json.formatted(type, ",\"vision_config\":{}"), CLASSIFIER, notes::add);
    assertThat(notes).isEmpty();
    read(json.formatted(type, ""), CLASSIFIER, notes::add);
    assertThat(notes)
        .singleElement()
        .hasToString(
            "config.json has no vision_config: the encoder is taken for the default %s"
                    .formatted(title)
                + " (hidden_size=768, num_hidden_layers=12, num_attention_heads=12,"
                + " image_size=224x224, patch_size=%s)".formatted(patch));
  }

  @Test
  void refusesWhatIsNotOneJsonObject() {
    refused("", "is not valid JSON: No content");
    refused("[]", "holds [], expected a JSON object");
    refused("{", "is not valid JSON");
    refused("{} {}", "is not valid JSON: Text after the end");
    refused("{\"a\":1,\"a\":1}", "is not valid JSON: Duplicate", "line 1");
    refused("{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}", "is not valid JSON");
  }
}
