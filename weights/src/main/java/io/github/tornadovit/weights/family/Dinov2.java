package io.github.tornadovit.weights.family;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.weights.config.Embeddings;
import io.github.tornadovit.weights.config.EncoderParts;
import io.github.tornadovit.weights.config.Geometry;
import io.github.tornadovit.weights.config.Mlp;
import io.github.tornadovit.weights.config.Norms;
import io.github.tornadovit.weights.config.Pooler;
import io.github.tornadovit.weights.config.Positions;
import io.github.tornadovit.weights.config.Positions.Interpolation;
import io.github.tornadovit.weights.config.PrefixToken;
import io.github.tornadovit.weights.config.PrefixToken.Kind;
import io.github.tornadovit.weights.config.TokenPooling;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.configfile.ProcessorClass;
import io.github.tornadovit.weights.family.Spelling.Part;
import io.github.tornadovit.weights.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * DINOv2 (Oquab et al. 2024), and with registers (Darcet et al. 2024): ViT with scaled residual
 * branches, in its giant size a gated MLP, and a classifier on the class token beside the mean of
 * the patches. Images may be of any size, which is how published models are used: trained at 518
 * pixels, their processor cuts 224.
 */
@SuppressWarnings("ImmutableEnumChecker") // Names are a record of values.
enum Dinov2 implements Family {
  DINOV2(names("DINOv2", "dinov2", "Dinov2"), 14, Interpolation.BICUBIC),
  WITH_REGISTERS(
      names("DINOv2 with registers", "dinov2_with_registers", "Dinov2WithRegisters"),
      16,
      Interpolation.ANTIALIASED_BICUBIC);

  private static final int MAX_REGISTERS = 1024;

  private static final Spelling NAMES =
      Spelling.OF_FILES
          .with(Part.REGISTER_TOKENS, "embeddings.register_tokens")
          .with(Part.ATTENTION_NORM, "norm1")
          .with(Part.ATTENTION_SCALE, "layer_scale1.lambda1")
          .with(Part.MLP_NORM, "norm2")
          .with(Part.MLP_UP, "mlp.fc1")
          .with(Part.MLP_DOWN, "mlp.fc2")
          .with(Part.MLP_GATE_AND_UP, "mlp.weights_in")
          .with(Part.MLP_GATED_DOWN, "mlp.weights_out")
          .with(Part.MLP_SCALE, "layer_scale2.lambda1");

  private final Names names;
  private final int patch;
  private final Interpolation interpolation;

  Dinov2(Names names, int patch, Interpolation interpolation) {
    this.names = names;
    this.patch = patch;
    this.interpolation = interpolation;
  }

  private static Names names(String title, String type, String classes) {
    return new Names(title, type, classes, type, ProcessorClass.BIT);
  }

  @Override
  public Names names() {
    return names;
  }

  @Override
  public List<HeadForm> heads() {
    return List.of(HeadForm.CLASSIFIER);
  }

  @Override
  public List<Spelling> spellings() {
    return List.of(NAMES);
  }

  @Override
  public String mlpReason(Mlp mlp, ConfigWords words) {
    boolean gated = mlp instanceof Mlp.Gated;
    return "mlp_ratio for an MLP of %d, %s"
        .formatted(mlp.size(), words.say("use_swiglu_ffn", gated));
  }

  @Override
  public List<String> unread(VisionConfig config) {
    return List.of("mask_token");
  }

  @Override
  public @Nullable String says(Part part, boolean there, ConfigWords words) {
    return switch (part) {
      case QUERY, KEY, VALUE -> words.say("qkv_bias", there);
      case REGISTER_TOKENS -> there ? null : withoutRegisters(words);
      case ATTENTION_SCALE, MLP_SCALE -> "model_type=" + names.type();
      case MLP_UP, MLP_DOWN -> there ? null : words.say("use_swiglu_ffn", true);
      case MLP_GATE_AND_UP, MLP_GATED_DOWN -> there ? null : words.say("use_swiglu_ffn", false);
      default -> null;
    };
  }

  private String withoutRegisters(ConfigWords words) {
    return this == WITH_REGISTERS
        ? words.say("num_register_tokens", 0)
        : "model_type=dinov2, which has no registers,";
  }

  @Override
  public VisionConfig read(ConfigReading config) {
    JsonObject json = config.json();
    boolean bias = json.bool("qkv_bias", true);
    Embeddings embeddings =
        new Embeddings(true, prefix(json), new Positions.Learned(interpolation));
    EncoderParts encoder =
        new EncoderParts(
            config.hiddenSize(),
            config.layers(),
            embeddings,
            config.attention(bias, bias, bias, Set.of()),
            mlp(config),
            true,
            new Norms(config.eps(1e-6), false, true));
    return new VisionConfig(
        architecture(),
        square(config.geometry(patch, true), json),
        encoder,
        new TokenPooling.ClassAndPatchMean(),
        new Pooler.ClassToken(),
        config.classifier());
  }

  private List<PrefixToken> prefix(JsonObject json) {
    List<PrefixToken> prefix = new ArrayList<>(List.of(new PrefixToken(Kind.CLASS, true)));
    int registers =
        this == WITH_REGISTERS ? json.integer("num_register_tokens", 4, 0, MAX_REGISTERS) : 0;
    for (int i = 0; i < registers; i++) {
      prefix.add(new PrefixToken(Kind.REGISTER, false));
    }
    return prefix;
  }

  /** The hidden width is a multiple of {@code hidden_size}; of a gated one two thirds of that. */
  private static Mlp mlp(ConfigReading config) {
    JsonObject json = config.json();
    int width = config.mlpOfRatio(4);
    return json.bool("use_swiglu_ffn", false)
        ? new Mlp.Gated(Activation.SILU, ((int) (width * 2 / 3.0) + 7) / 8 * 8)
        : new Mlp.Plain(config.activation(Activation.GELU), width);
  }

  private static Geometry square(Geometry geometry, JsonObject json) {
    Extent grid = geometry.grid();
    if (grid.height() != grid.width()) {
      throw new CheckpointException(
          json.where(),
          "image_size=%s and patch_size=%s make %s patches, expected a square grid; transformers takes the positions for those of one"
              .formatted(geometry.image(), geometry.patch(), grid));
    }
    return geometry;
  }
}
