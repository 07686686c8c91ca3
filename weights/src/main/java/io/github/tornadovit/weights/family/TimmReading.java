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
import io.github.tornadovit.weights.config.SelfAttention;
import io.github.tornadovit.weights.config.SelfAttention.BiasTable;
import io.github.tornadovit.weights.config.TokenPooling;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.config.VisionConfig.Head;
import io.github.tornadovit.weights.config.VisionConfig.ProblemType;
import io.github.tornadovit.weights.configfile.TimmLabels;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What timm would build by a {@code config.json} of its own, beside the tensors that there are. */
record TimmReading(ConfigReading config, TimmConfig timm, TimmWords words) {
  TimmReading(ConfigReading config, TimmConfig timm) {
    this(config, timm, timm.words());
  }

  VisionConfig read() {
    TimmArchitecture named = timm.architecture();
    requireNames();
    int depth = timm.integer("depth", named.depth());
    Geometry geometry = geometry();
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
        new Architecture(
            "timm's " + named.name(),
            config.json().holds("model_type") ? Timm.TIMM.names().type() : "timm"),
        geometry,
        encoder,
        switch (pooling.kind()) {
          case "avg" -> new TokenPooling.PatchMean(normedMean);
          case "map" -> new TokenPooling.AttentionHead(attentionHead(), !pooling.withPrefix());
          default -> new TokenPooling.ClassToken();
        },
        distilled()
            ? new Pooler.DistilledPair()
            : normedMean || attended ? new Pooler.Pooled() : new Pooler.None(),
        classifier());
  }

  private void requireNames() {
    if (!config.hasEncoderTensorBelow("blocks")) {
      throw words.contradiction(
          "architecture=%s, but the tensors have other names than timm's: none is below 'blocks.'%s"
              .formatted(timm.architecture().name(), config.places()));
    }
  }

  /** timm leaves out the edge that fills no patch, but of models for images of any size. */
  private Geometry geometry() {
    Geometry geometry = timm.geometry();
    Extent image = geometry.image();
    Extent patch = geometry.patch();
    int rows = image.height() % patch.height();
    int columns = image.width() % patch.width();
    if (rows == 0 && columns == 0) {
      return geometry;
    }
    String sizes =
        "%s is no multiple of %s"
            .formatted(words.say("image_size", image), words.say("patch_size", patch));
    if (geometry.anySize()) {
      throw words.contradiction(
          "%s, as dynamic_img_size asks: timm refuses such images; expected %dx%d or %dx%d"
              .formatted(
                  sizes,
                  image.height() - rows,
                  image.width() - columns,
                  image.height() - rows + (rows > 0 ? patch.height() : 0),
                  image.width() - columns + (columns > 0 ? patch.width() : 0)));
    }
    if (timm.arguments().holds("img_size")) {
      config.note(
          CheckpointNote.Kind.ENCODER,
          "%s: the last %d rows and %d columns of an image are in no patch, as timm has it"
              .formatted(sizes, rows, columns));
    }
    return geometry;
  }

  private boolean distilled() {
    return timm.architecture().kind() == TimmArchitecture.Kind.DISTILLED;
  }

  private boolean preNorm() {
    return timm.bool("pre_norm", timm.architecture().preNorm());
  }

  private List<PrefixToken> prefix(Geometry geometry) {
    boolean positioned = positionedPrefix(geometry);
    List<PrefixToken> tokens = new ArrayList<>();
    add(tokens, PrefixToken.Kind.CLASS, timm.classToken() ? 1 : 0, positioned);
    add(tokens, PrefixToken.Kind.DISTILLATION, distilled() ? 1 : 0, positioned);
    add(tokens, PrefixToken.Kind.REGISTER, timm.registers(), positioned);
    return tokens;
  }

  private void add(List<PrefixToken> tokens, PrefixToken.Kind kind, int count, boolean positioned) {
    String tensor =
        switch (kind) {
          case CLASS -> "cls_token";
          case DISTILLATION -> "dist_token";
          case REGISTER -> "reg_token";
        };
    if (count == 0 && config.tensor(tensor) != null) {
      throw words.contradiction(
          "%s, but there is a tensor '%s'; correct config.json, or take it out of the file"
              .formatted(
                  switch (kind) {
                    case CLASS -> words.say("class_token", false);
                    case DISTILLATION ->
                        "architecture=%s is not distilled".formatted(timm.architecture().name());
                    case REGISTER -> words.say("num_register_tokens", 0);
                  },
                  tensor));
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
    boolean asked = timm.layerScale();
    requireAgreement("init_values", asked, "ls1.gamma", "gamma_1");
    return asked;
  }

  /** BEiT and EVA have other names than the rest. */
  private void requireAgreement(String key, boolean asked, String usual, String other) {
    boolean others =
        switch (timm.architecture().kind()) {
          case BEIT, EVA -> true;
          case VIT, DISTILLED -> false;
        };
    String present =
        Stream.of(usual, other).filter(config::hasTensorEndingIn).findFirst().orElse(null);
    String tensors = present != null ? present : others ? other : usual;
    timm.requireAgreement(key, asked, present != null, tensors);
  }

  private SelfAttention attention(int width) {
    int heads = timm.integer("num_heads", timm.architecture().heads());
    if (width % heads != 0) {
      throw new CheckpointException(
          config.json().where(),
          "embed_dim=%d is not a multiple of num_heads=%d".formatted(width, heads));
    }
    boolean all = config.hasTensorEndingIn("attn.qkv.bias");
    boolean biased = timm.bool("qkv_bias", timm.architecture().qkvBias());
    requireAgreement("qkv_bias", biased, "attn.qkv.bias", "attn.q_bias");
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
        biased,
        all,
        biased,
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
    TensorView head = config.tensor(Timm.HEAD + ".weight");
    boolean distilled = distilled();
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
    if (!distilled && config.tensor(Timm.DISTILLED_HEAD + ".weight") != null) {
      throw new CheckpointException(
          config.json().where(),
          "there is a tensor '%s.weight', but architecture=%s has one classifier"
              .formatted(Timm.DISTILLED_HEAD, timm.architecture().name()));
    }
    List<String> labels = TimmLabels.read(config.json(), timm.pretrained(), rows, config.notes());
    return new Classifier(
        distilled ? Head.DISTILLED : Head.CLASSIFIER, labels, config.problemType(labels));
  }

  /** transformers' encoder alone keeps the number of classes it does not have. */
  private void noteMissing(int classes) {
    if (classes > 0 && !config.json().texts("architectures").contains("TimmWrapperModel")) {
      config.note(
          CheckpointNote.Kind.HEAD,
          "config.json has %d classes, but there is no tensor '%s.weight': read as an encoder alone"
              .formatted(classes, Timm.HEAD));
    }
  }
}
