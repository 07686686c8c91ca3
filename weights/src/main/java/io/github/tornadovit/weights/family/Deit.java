package io.github.tornadovit.weights.family;

import io.github.tornadovit.weights.config.PrefixToken;
import io.github.tornadovit.weights.config.PrefixToken.Kind;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Head;
import io.github.tornadovit.weights.configfile.ProcessorClass;
import io.github.tornadovit.weights.family.Spelling.Part;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** DeiT (Touvron et al. 2021): ViT with a distillation token, and maybe a classifier on each. */
enum Deit implements Family {
  DEIT;

  private static final HeadForm DISTILLED =
      new HeadForm(
          Head.DISTILLED,
          List.of("cls_classifier", "distillation_classifier"),
          "ForImageClassificationWithTeacher");

  @Override
  public Names names() {
    return new Names("DeiT", "deit", "DeiT", "deit", ProcessorClass.DEIT);
  }

  @Override
  public List<HeadForm> heads() {
    return List.of(DISTILLED, HeadForm.CLASSIFIER);
  }

  @Override
  public @Nullable String says(Part part, boolean there, ConfigWords words) {
    return Vit.saysOfBias(part, there, words);
  }

  @Override
  public VisionConfig read(ConfigReading config) {
    List<PrefixToken> prefix =
        List.of(new PrefixToken(Kind.CLASS, true), new PrefixToken(Kind.DISTILLATION, true));
    return Vit.read(config, architecture(), prefix, 1e-12);
  }
}
