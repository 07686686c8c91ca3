package io.github.tornadovit.weights.family;

import io.github.tornadovit.weights.config.Pooler;
import io.github.tornadovit.weights.config.TokenPooling;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.configfile.ProcessorClass;
import io.github.tornadovit.weights.family.Spelling.Part;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * I-JEPA (Assran et al. 2023): ViT without a class token, classified by the mean of the patches.
 */
enum IJepa implements Family {
  IJEPA;

  @Override
  public Names names() {
    return new Names("I-JEPA", "ijepa", "IJepa", "ijepa", ProcessorClass.VIT);
  }

  @Override
  public String anchor() {
    return "embeddings.position_embeddings";
  }

  @Override
  public @Nullable String poolerTensor() {
    return null;
  }

  @Override
  public List<HeadForm> heads() {
    return List.of(HeadForm.CLASSIFIER);
  }

  @Override
  public @Nullable String says(Part part, boolean there, ConfigWords words) {
    return Vit.saysOfBias(part, there, words);
  }

  @Override
  public VisionConfig read(ConfigReading config) {
    VisionConfig vit = Vit.read(config, architecture(), List.of(), 1e-12);
    return new VisionConfig(
        vit.architecture(),
        vit.geometry(),
        vit.encoder(),
        new TokenPooling.PatchMean(false),
        new Pooler.None(),
        vit.classifier());
  }
}
