package io.github.tornadovit.weights.family;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.weights.config.CheckpointNote;
import io.github.tornadovit.weights.config.Embeddings;
import io.github.tornadovit.weights.config.EncoderParts;
import io.github.tornadovit.weights.config.Mlp;
import io.github.tornadovit.weights.config.Norms;
import io.github.tornadovit.weights.config.Pooler;
import io.github.tornadovit.weights.config.Positions;
import io.github.tornadovit.weights.config.TokenPooling;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.configfile.ProcessorClass;
import io.github.tornadovit.weights.family.Spelling.Part;
import io.github.tornadovit.weights.json.JsonObject;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The vision encoder of SigLIP (Zhai et al. 2023) and of SigLIP 2 with a fixed resolution, alone or
 * beside the text encoder: no class token, an attention pooling head for the pooler, and a
 * classifier on the mean of the patches.
 */
enum Siglip implements Family {
  SIGLIP;

  private static final Spelling SPELLING =
      Spelling.OF_TOWERS
          .with(Part.NORM_AFTER_BLOCKS, "post_layernorm")
          .with(Part.POOLER_PROBE, "head.probe")
          .with(Part.POOLER_QUERY_KEY_VALUE, "head.attention.in_proj")
          .with(Part.POOLER_ATTENTION_OUTPUT, "head.attention.out_proj")
          .with(Part.POOLER_NORM, "head.layernorm")
          .with(Part.POOLER_MLP_UP, "head.mlp.fc1")
          .with(Part.POOLER_MLP_DOWN, "head.mlp.fc2");

  private static final String HEAD_KEY = "vision_use_head";

  @Override
  public Names names() {
    return new Names("SigLIP", "siglip", "Siglip", Towers.SCOPE, ProcessorClass.SIGLIP);
  }

  @Override
  public List<String> types() {
    return Towers.types(names().type());
  }

  @Override
  public JsonObject encoder(JsonObject config) {
    return Towers.vision(config, "vision_config");
  }

  @Override
  public String anchor() {
    return "embeddings.patch_embedding.weight";
  }

  @Override
  public List<Spelling> spellings() {
    return List.of(SPELLING);
  }

  @Override
  public String poolerTensor() {
    return SPELLING.of(Part.POOLER_PROBE);
  }

  @Override
  public List<HeadForm> heads() {
    return List.of(HeadForm.CLASSIFIER);
  }

  /** The head too: no model but the vision encoder alone has use for it. */
  @Override
  public List<String> unread(VisionConfig config) {
    return List.of("head", "position_ids");
  }

  @Override
  public @Nullable String says(Part part, boolean there, ConfigWords words) {
    return switch (part) {
      case POOLER_PROBE,
          POOLER_QUERY_KEY_VALUE,
          POOLER_ATTENTION_OUTPUT,
          POOLER_NORM,
          POOLER_MLP_UP,
          POOLER_MLP_DOWN ->
          words.say(HEAD_KEY, there);
      default -> null;
    };
  }

  /** As transformers, which says of the tensors of a head that it is not asked for the same. */
  private static boolean hasHead(ConfigReading config) {
    List<TensorView> tensors = config.encoderTensorsBelow("head").toList();
    boolean asked = config.json().bool(HEAD_KEY, !tensors.isEmpty());
    if (!asked && !tensors.isEmpty()) {
      config.note(
          CheckpointNote.Kind.POOLING,
          "%s=false leaves out the attention pooling head, %s; the mean of the patches does not need it"
              .formatted(config.json().path(HEAD_KEY), Leftovers.quoted(tensors)));
    }
    return asked;
  }

  @Override
  public VisionConfig read(ConfigReading config) {
    Mlp.Plain mlp = config.mlp(Activation.GELU_TANH);
    EncoderParts encoder =
        new EncoderParts(
            config.hiddenSize(),
            config.layers(),
            new Embeddings(true, List.of(), new Positions.Learned(Positions.Interpolation.BICUBIC)),
            config.attention(true, true, true, Set.of()),
            mlp,
            false,
            new Norms(config.eps(1e-6), false, true));
    return new VisionConfig(
        architecture(),
        config.geometry(16, false),
        encoder,
        new TokenPooling.PatchMean(false),
        hasHead(config) ? new Pooler.AttentionHead(mlp) : new Pooler.None(),
        config.classifier());
  }
}
