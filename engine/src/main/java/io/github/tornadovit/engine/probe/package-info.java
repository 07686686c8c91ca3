/**
 * Linear probes: a classifier trained on the features of a frozen model.
 *
 * <p>A probe is a folder of two files. {@code probe.safetensors} has, in float32, {@code mean [D]}
 * and {@code std [D]} of the training features, {@code weight [K, D]} and {@code bias [K]}; {@code
 * logits = weight ((feature - mean) / std) + bias}. {@code probe.json}:
 *
 * <pre>
 * format                  "tornado-vit linear probe"
 * version                 1
 * labels                  class names, index = class id
 * feature                 what it reads:
 *   pooling               "cls", "mean", "pooled", "pooler" or "projection"
 *   layer                 hidden state, or null for the last
 *   normalize             whether features are of unit length
 *   checkpoint            name of the checkpoint, for people
 *   checkpoint_sha256     content of the checkpoint, as Checkpoint.digest defines it
 *   image_size            [height, width] in pixels that the model saw
 *   apply_orientation     whether images were turned as their EXIF orientation says
 * tensors_sha256          content of probe.safetensors
 * training                how it came about; not read
 * </pre>
 */
@NullMarked
package io.github.tornadovit.engine.probe;

import org.jspecify.annotations.NullMarked;
