package io.github.tornadovit.weights.family;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.weights.config.CheckpointNote;

/**
 * {@code global_pool} of a model of timm. timm takes that of {@code model_args}, else the
 * architecture's own, else that of {@code pretrained_cfg}. It writes one more beside {@code
 * pretrained_cfg}, which it never reads: that decides where timm's own would not go with the
 * tensors, so that timm cannot load the folder.
 *
 * @param kind {@code token}, {@code avg} or {@code map}
 * @param normedMean whether the mean of the patches is normed, in place of all tokens
 * @param withPrefix whether attention pools the tokens before the patches as well
 */
record TimmPooling(String kind, boolean normedMean, boolean withPrefix) {
  static TimmPooling read(ConfigReading config, TimmConfig timm) {
    String kind = timm.pooling();
    String other = timm.unreadPooling();
    if (other != null && !other.equals(kind)) {
      boolean decides =
          !fits(kind, config, timm) && (!isKnown(other, timm) || fits(other, config, timm));
      config.notes().accept(note(kind, other, decides));
      kind = decides ? other : kind;
    }
    if (!isKnown(kind, timm)) {
      throw new CheckpointException(
          config.json().where(),
          "global_pool=%s of architecture=%s, expected %s"
              .formatted(kind, timm.architecture().name(), known(timm)));
    }
    boolean normedMean = timm.normedMean(kind);
    if (normedMean && !kind.equals("avg")) {
      throw new CheckpointException(
          config.json().where(),
          "fc_norm=true of global_pool=%s, expected it with avg alone".formatted(kind));
    }
    boolean withPrefix = timm.poolsPrefix();
    if (withPrefix && kind.equals("avg")) {
      throw new CheckpointException(
          config.json().where(),
          "global_pool=avg with %s: such a mean is not supported, expected map or token"
              .formatted(timm.words().say(TimmConfig.WITH_PREFIX, true)));
    }
    return new TimmPooling(kind, normedMean, withPrefix || isEva(timm));
  }

  /** Its class has attention to all tokens, and no argument for it. */
  private static boolean isEva(TimmConfig timm) {
    return timm.architecture().kind() == TimmArchitecture.Kind.EVA;
  }

  private static boolean isKnown(String kind, TimmConfig timm) {
    boolean distilled = timm.architecture().kind() == TimmArchitecture.Kind.DISTILLED;
    return switch (kind) {
      case "avg", "map" -> !distilled;
      case "token" -> timm.classToken();
      default -> false;
    };
  }

  private static String known(TimmConfig timm) {
    if (timm.architecture().kind() == TimmArchitecture.Kind.DISTILLED) {
      return "token";
    }
    return timm.classToken()
        ? "token, avg or map"
        : "avg or map, for %s".formatted(timm.words().say("class_token", false));
  }

  /** Whether the norms and the head are there, and no others, that a model of that kind has. */
  private static boolean fits(String kind, ConfigReading config, TimmConfig timm) {
    boolean after = timm.normedMean(kind);
    boolean map = config.hasEncoderTensorBelow("attn_pool");
    return isKnown(kind, timm)
        && config.hasEncoderTensorBelow("norm") == (timm.finalNorm() && !after)
        && config.hasEncoderTensorBelow("fc_norm") == (timm.finalNorm() && after)
        && map == kind.equals("map");
  }

  private static CheckpointNote note(String kind, String other, boolean decides) {
    String beside = "config.json has global_pool=%s beside pretrained_cfg".formatted(other);
    return new CheckpointNote(
        CheckpointNote.Kind.POOLING,
        decides
            ? "%s, where timm does not read it; the tensors go with it and not with %s, so that it is taken"
                .formatted(beside, kind.isEmpty() ? "none" : kind)
            : "%s, where timm does not read it either: pooled by %s; in model_args it would count"
                .formatted(beside, kind));
  }
}
