package io.github.tornadovit.weights.family;

import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.weights.config.SelfAttention.BiasTable;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.family.Spelling.Part;
import io.github.tornadovit.weights.model.VisionWeights.Dense;
import io.github.tornadovit.weights.model.VisionWeights.Norm;
import org.jspecify.annotations.Nullable;

/** Layers and vectors of an encoder, each with what in {@code config.json} asks for its shape. */
final class PartReader {
  private final Family family;
  private final VisionConfig config;
  private final ConfigWords words;
  private final Spelling spelling;
  private final String width;
  private final String patch;
  private final String grid;

  PartReader(Family family, VisionConfig config, ConfigWords words, Spelling spelling) {
    this.family = family;
    this.config = config;
    this.words = words;
    this.spelling = spelling;
    this.width = words.say("hidden_size", config.hiddenSize());
    this.patch = words.say("patch_size", config.patchSize());
    this.grid = words.say("image_size", config.imageSize()) + " and " + patch;
  }

  /** What says the width of a token. */
  String width() {
    return width;
  }

  /** What says the size of a patch. */
  String patch() {
    return patch;
  }

  /** What says how many patches there are. */
  String grid() {
    return grid;
  }

  /** What says how many heads there are. */
  String heads(Object heads) {
    return words.say("num_attention_heads", heads);
  }

  /** What says the kind and size of the MLP. */
  String mlp() {
    return family.mlpReason(config.encoder().mlp(), words);
  }

  boolean has(Part part) {
    return spelling.has(part);
  }

  /** A linear layer; {@code config.json} may say whether it has a bias. */
  Dense dense(Scope scope, Part part, int out, int in, boolean bias, String why) {
    Scope layer = scope.at(spelling.of(part));
    String reason = width + " and " + why;
    return new Dense(
        layer.require("weight", Shape.of(out, in), reason),
        bias ? layer.require("bias", Shape.of(out), reason + said(part)) : null);
  }

  /** A linear layer that is no part of the encoder. */
  Dense dense(Scope layer, int out, int in, boolean bias, String why) {
    String reason = width + " and " + why;
    return new Dense(
        layer.require("weight", Shape.of(out, in), reason),
        bias ? layer.require("bias", Shape.of(out), reason) : null);
  }

  Norm norm(Scope scope, Part part) {
    Scope norm = scope.at(spelling.of(part));
    Shape shape = Shape.of(config.hiddenSize());
    String why = width + said(part);
    return new Norm(norm.require("weight", shape, why), norm.require("bias", shape, why));
  }

  /** A vector of a number for each of a token. */
  TensorView vector(Scope scope, Part part) {
    return scope.require(spelling.of(part), Shape.of(config.hiddenSize()), width + said(part));
  }

  /** The biases of a layer that has them apart. */
  TensorView bias(Scope scope, Part part, int size, String why) {
    return scope.require(spelling.of(part), Shape.of(size), why + said(part));
  }

  /** A tensor of rows as wide as a token: {@code [1, n, D]}, {@code [n, D]}, or one {@code [D]}. */
  TensorView rows(Scope scope, Part part, int count, String why) {
    String name = spelling.of(part);
    int d = config.hiddenSize();
    Shape shape =
        switch (scope.rank(name)) {
          case 1 -> Shape.of((long) count * d);
          case 2 -> Shape.of(count, d);
          default -> Shape.of(1, count, d);
        };
    return scope.require(name, shape, why + said(part));
  }

  /** A table of relative position biases, if there is one at that place. */
  @Nullable TensorView table(Scope scope, BiasTable place) {
    if (!config.encoder().attention().has(place)) {
      return null;
    }
    Part part =
        switch (place) {
          case SHARED -> Part.SHARED_BIAS;
          case PER_BLOCK -> Part.BLOCK_BIAS;
        };
    Extent window = config.grid();
    long rows = (2L * window.height() - 1) * (2L * window.width() - 1) + 3;
    String why = grid + ", " + heads(config.heads()) + said(part);
    return scope.require(spelling.of(part), Shape.of(rows, config.heads()), why);
  }

  /** What says that a part is there, behind other reasons; empty if nothing does. */
  String said(Part part) {
    String said = family.says(part, true, words);
    return said == null ? "" : " and " + said;
  }
}
