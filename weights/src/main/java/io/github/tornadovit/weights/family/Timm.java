package io.github.tornadovit.weights.family;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.weights.config.Architecture;
import io.github.tornadovit.weights.config.CheckpointNote;
import io.github.tornadovit.weights.config.Classifier;
import io.github.tornadovit.weights.config.Embeddings;
import io.github.tornadovit.weights.config.EncoderParts;
import io.github.tornadovit.weights.config.Geometry;
import io.github.tornadovit.weights.config.Mlp;
import io.github.tornadovit.weights.config.Norms;
import io.github.tornadovit.weights.config.Pooler;
import io.github.tornadovit.weights.config.Positions;
import io.github.tornadovit.weights.config.PrefixToken;
import io.github.tornadovit.weights.config.PreprocessorConfig;
import io.github.tornadovit.weights.config.SelfAttention;
import io.github.tornadovit.weights.config.SelfAttention.BiasTable;
import io.github.tornadovit.weights.config.TokenPooling;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Head;
import io.github.tornadovit.weights.config.VisionConfig.ProblemType;
import io.github.tornadovit.weights.configfile.ProcessorClass;
import io.github.tornadovit.weights.configfile.TimmLabels;
import io.github.tornadovit.weights.configfile.TimmTransformReader;
import io.github.tornadovit.weights.family.Spelling.Part;
import io.github.tornadovit.weights.json.JsonObject;
import io.github.tornadovit.weights.model.VisionWeights;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The plain encoders of timm (PyTorch Image Models), as it saves them for the hub and as
 * transformers wraps them ({@code timm_wrapper}). {@code config.json} names an architecture, which
 * {@link TimmArchitecture} knows; {@code model_args} overrides it.
 */
enum Timm implements Family {
  TIMM;

  private static final String HEAD = "head";
  private static final String DISTILLED_HEAD = "head_dist";

  private static final Spelling NAMES =
      Spelling.OF_FILES
          .with(Part.PATCH_EMBEDDING, "patch_embed.proj")
          .with(Part.CLASS_TOKEN, "cls_token")
          .with(Part.DISTILLATION_TOKEN, "dist_token")
          .with(Part.REGISTER_TOKENS, "reg_token")
          .with(Part.POSITIONS, "pos_embed")
          .with(Part.NORM_BEFORE_BLOCKS, "norm_pre")
          .with(Part.NORM_AFTER_BLOCKS, "norm")
          .with(Part.NORM_OF_POOLED, "fc_norm")
          .with(Part.SHARED_BIAS, "rel_pos_bias.relative_position_bias_table")
          .with(Part.BLOCKS, "blocks")
          .with(Part.ATTENTION_NORM, "norm1")
          .with(Part.QUERY_KEY_VALUE, "attn.qkv")
          .with(Part.QUERY_BIAS, "attn.q_bias")
          .with(Part.VALUE_BIAS, "attn.v_bias")
          .with(Part.BLOCK_BIAS, "attn.relative_position_bias_table")
          .with(Part.ATTENTION_OUTPUT, "attn.proj")
          .with(Part.ATTENTION_SCALE, "ls1.gamma")
          .with(Part.MLP_NORM, "norm2")
          .with(Part.MLP_UP, "mlp.fc1")
          .with(Part.MLP_DOWN, "mlp.fc2")
          .with(Part.MLP_GATE_AND_UP, "mlp.fc1")
          .with(Part.MLP_GATED_DOWN, "mlp.fc2")
          .with(Part.MLP_SCALE, "ls2.gamma")
          .with(Part.POOLER_PROBE, "attn_pool.latent")
          .with(Part.POOLER_QUERY, "attn_pool.q")
          .with(Part.POOLER_KEY_VALUE, "attn_pool.kv")
          .with(Part.POOLER_ATTENTION_OUTPUT, "attn_pool.proj")
          .with(Part.POOLER_NORM, "attn_pool.norm")
          .with(Part.POOLER_MLP_UP, "attn_pool.mlp.fc1")
          .with(Part.POOLER_MLP_DOWN, "attn_pool.mlp.fc2");

  /** Of BEiT, EVA and the first DeiT III. */
  private static final Spelling NAMES_WITH_GAMMAS =
      NAMES.with(Part.ATTENTION_SCALE, "gamma_1").with(Part.MLP_SCALE, "gamma_2");

  @Override
  public Architecture architecture() {
    return new Architecture("timm", "timm_wrapper");
  }

  @Override
  public boolean reads(JsonObject config) {
    return config.holds("model_type")
        ? Family.super.reads(config)
        : Stream.of("architecture", "pretrained_cfg", "model_args").anyMatch(config::holds);
  }

  @Override
  public String classes() {
    return "TimmWrapper";
  }

  @Override
  public ProcessorClass processor() {
    return ProcessorClass.VIT;
  }

  @Override
  public List<String> scopes() {
    return List.of("timm_model");
  }

  @Override
  public String anchor() {
    return "patch_embed.proj.weight";
  }

  @Override
  public List<Spelling> spellings() {
    return List.of(NAMES);
  }

  @Override
  public @Nullable String poolerTensor() {
    return null;
  }

  @Override
  public List<HeadForm> heads() {
    String task = HeadForm.CLASSIFIER.task();
    return List.of(
        new HeadForm(Head.CLASSIFIER, List.of(HEAD), task),
        new HeadForm(Head.DISTILLED, List.of(HEAD, DISTILLED_HEAD), task));
  }

  /** timm itself lets the pooling head of a SigLIP be where the model does not use it. */
  @Override
  public List<String> unread(VisionConfig config) {
    return config.architecture().name().contains("siglip")
        ? List.of("mask_token", "relative_position_index", "attn_pool")
        : List.of("mask_token", "relative_position_index");
  }

  @Override
  public ConfigWords words(JsonObject config) {
    return new TimmConfig(config).words();
  }

  @Override
  public @Nullable String says(Part part, boolean there, ConfigWords words) {
    return switch (part) {
      case ATTENTION_SCALE, MLP_SCALE -> there ? "other blocks have one" : null;
      case BLOCK_BIAS -> words.say("use_relative_position_bias", there);
      case SHARED_BIAS -> words.say("use_shared_relative_position_bias", there);
      case POSITIONS -> there ? null : words.say("use_absolute_position_embeddings", false);
      case NORM_BEFORE_BLOCKS -> words.say("pre_norm", there);
      default -> null;
    };
  }

  @Override
  public VisionConfig read(ConfigReading config) {
    return new Reading(config, new TimmConfig(config.json())).read();
  }

  @Override
  public PreprocessorConfig preprocessor(
      @Nullable JsonObject file, JsonObject config, VisionConfig read) {
    return file == null
        ? TimmTransformReader.read(
            TimmTransformReader.pretrained(config), read.imageSize(), read.channels())
        : Family.super.preprocessor(file, config, read);
  }

  @Override
  public VisionWeights weights(JsonObject json, VisionConfig config, Scope root) {
    boolean gammas =
        Stream.concat(Stream.of(""), scopes().stream())
            .anyMatch(scope -> root.at(scope).has("blocks.0.gamma_1"));
    Spelling spelling = gammas ? NAMES_WITH_GAMMAS : NAMES;
    if (new TimmConfig(json).architecture().gateApart()) {
      spelling = spelling.with(Part.MLP_GATE, "mlp.fc1_g").with(Part.MLP_UP, "mlp.fc1_x");
    }
    return new VisionWeightsReader(this, config, words(json), root, spelling).read();
  }

  /** The reading of one configuration. */
  private record Reading(ConfigReading config, TimmConfig timm) {
    VisionConfig read() {
      TimmArchitecture named = timm.architecture();
      int depth = timm.integer("depth", named.depth());
      Geometry geometry = timm.geometry();
      int width = timm.integer("embed_dim", named.width());
      TimmPooling pooling = TimmPooling.read(config, timm);
      EncoderParts encoder =
          new EncoderParts(
              width,
              depth,
              new Embeddings(!preNorm(), prefix(geometry), positions()),
              attention(width),
              mlp(),
              layerScale(),
              new Norms((float) named.eps(), preNorm(), timm.finalNorm() && !pooling.normedMean()));
      boolean normedMean = timm.finalNorm() && pooling.normedMean();
      boolean attended = pooling.kind().equals("map");
      return new VisionConfig(
          new Architecture("timm's " + named.name(), TIMM.architecture().type()),
          geometry,
          encoder,
          switch (pooling.kind()) {
            case "avg" -> new TokenPooling.PatchMean(normedMean);
            case "map" -> new TokenPooling.AttentionHead(attentionHead());
            default -> new TokenPooling.ClassToken();
          },
          normedMean || attended ? new Pooler.Pooled() : new Pooler.None(),
          classifier());
    }

    private boolean preNorm() {
      return timm.bool("pre_norm", timm.architecture().preNorm());
    }

    private List<PrefixToken> prefix(Geometry geometry) {
      boolean positioned = positionedPrefix(geometry);
      List<PrefixToken> tokens = new ArrayList<>();
      add(tokens, PrefixToken.Kind.CLASS, timm.classToken() ? 1 : 0, positioned, "cls_token");
      int distilled = timm.architecture().kind() == TimmArchitecture.Kind.DISTILLED ? 1 : 0;
      add(tokens, PrefixToken.Kind.DISTILLATION, distilled, positioned, "dist_token");
      add(tokens, PrefixToken.Kind.REGISTER, timm.registers(), positioned, "reg_token");
      return tokens;
    }

    private void add(
        List<PrefixToken> tokens,
        PrefixToken.Kind kind,
        int count,
        boolean positioned,
        String tensor) {
      if (count == 0 && config.tensor(tensor) != null) {
        throw new CheckpointException(
            config.json().where(),
            "there is a tensor '%s', but architecture=%s has none and model_args says nothing else"
                .formatted(tensor, timm.architecture().name()));
      }
      for (int i = 0; i < count; i++) {
        tokens.add(new PrefixToken(kind, positioned));
      }
    }

    /** The table's rows tell: those of the patches alone, or more. */
    private boolean positionedPrefix(Geometry geometry) {
      TensorView table = config.tensor("pos_embed");
      return table == null
          || table.shape().rank() != 3
          || table.shape().extent(1) != geometry.patches();
    }

    private Positions positions() {
      if (timm.architecture().rotary()) {
        if (timm.bool("use_abs_pos_emb", false)) {
          throw timm.wrong("use_abs_pos_emb", "false: positions are rotary or learned, not both");
        }
        return new Positions.Rotary(100);
      }
      boolean beit = timm.architecture().kind() == TimmArchitecture.Kind.BEIT;
      return !beit || timm.bool("use_abs_pos_emb", false)
          ? new Positions.Learned(timm.architecture().interpolation())
          : new Positions.None();
    }

    private boolean layerScale() {
      boolean scaled = config.hasTensorEndingIn("ls1.gamma") || config.hasTensorEndingIn("gamma_1");
      timm.requireAgreement("init_values", timm.number("init_values") != 0, scaled, "ls1.gamma");
      return scaled;
    }

    private SelfAttention attention(int width) {
      int heads = timm.integer("num_heads", timm.architecture().heads());
      if (width % heads != 0) {
        throw new CheckpointException(
            config.json().where(),
            "embed_dim=%d is not a multiple of num_heads=%d".formatted(width, heads));
      }
      boolean all = config.hasTensorEndingIn("attn.qkv.bias");
      boolean some = config.hasTensorEndingIn("attn.q_bias");
      timm.requireAgreement("qkv_bias", timm.bool("qkv_bias", true), all || some, "attn.qkv.bias");
      Set<BiasTable> tables = EnumSet.noneOf(BiasTable.class);
      if (timm.architecture().kind() == TimmArchitecture.Kind.BEIT) {
        if (timm.bool("use_rel_pos_bias", true)) {
          tables.add(BiasTable.PER_BLOCK);
        }
        if (timm.bool("use_shared_rel_pos_bias", false)) {
          tables.add(BiasTable.SHARED);
        }
      }
      return new SelfAttention(
          heads,
          width / heads,
          all || some,
          all,
          all || some,
          true,
          tables,
          SelfAttention.BiasInterpolation.GEOMETRIC);
    }

    private Mlp.Plain attentionHead() {
      return new Mlp.Plain(timm.activation(), mlpSize("attn_pool.mlp.fc2.weight"));
    }

    private int mlpSize(String name) {
      TensorView down = config.tensor(name);
      if (down == null || down.shape().rank() != 2) {
        throw new CheckpointException(
            config.json().where(), "tensor '%s' is missing, expected a matrix".formatted(name));
      }
      return Math.toIntExact(down.shape().extent(1));
    }

    private Mlp mlp() {
      Activation activation = timm.activation();
      int size = mlpSize("blocks.0.mlp.fc2.weight");
      return timm.architecture().gated()
          ? new Mlp.Gated(activation, size)
          : new Mlp.Plain(activation, size);
    }

    private Classifier classifier() {
      TensorView head = config.tensor(HEAD + ".weight");
      boolean distilled = timm.architecture().kind() == TimmArchitecture.Kind.DISTILLED;
      if (head == null || head.shape().rank() != 2) {
        noteMissing(timm.classes(0));
        return new Classifier(Head.NONE, List.of(), ProblemType.SINGLE_LABEL);
      }
      int rows = Math.toIntExact(Math.min(head.shape().extent(0), Labels.MAX_LABELS));
      int said = timm.classes(rows);
      if (said != rows) {
        throw new CheckpointException(
            config.json().where(),
            "num_classes=%d, but tensor '%s' has %d rows".formatted(said, head.name(), rows));
      }
      if (!distilled && config.tensor(DISTILLED_HEAD + ".weight") != null) {
        throw new CheckpointException(
            config.json().where(),
            "there is a tensor '%s.weight', but architecture=%s has one classifier"
                .formatted(DISTILLED_HEAD, timm.architecture().name()));
      }
      return new Classifier(
          distilled ? Head.DISTILLED : Head.CLASSIFIER,
          TimmLabels.read(config.json(), timm.pretrained(), rows, config.notes()),
          rows == 1 ? ProblemType.MULTI_LABEL : ProblemType.SINGLE_LABEL);
    }

    /** transformers' encoder alone keeps the number of classes it does not have. */
    private void noteMissing(int classes) {
      if (classes > 0 && !config.json().texts("architectures").contains("TimmWrapperModel")) {
        config
            .notes()
            .accept(
                new CheckpointNote(
                    CheckpointNote.Kind.HEAD,
                    "config.json has %d classes, but there is no tensor '%s.weight': read as an encoder alone"
                        .formatted(classes, HEAD)));
      }
    }
  }
}
