package io.github.tornadovit.cli;

import io.github.tornadovit.base.file.WholeFile;
import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.engine.AttentionToken;
import io.github.tornadovit.engine.LayerAttention;
import io.github.tornadovit.engine.PatchMap;
import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.image.HeatMap;
import io.github.tornadovit.engine.image.RgbImage;
import io.github.tornadovit.engine.pipeline.ImagePipeline;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code attention}: what the model looks at, as pictures or as numbers. */
@Command(
    name = "attention",
    mixinStandardHelpOptions = true,
    description = "Show which patches of an image the model attends to.")
final class AttentionCommand implements Callable<Integer> {
  enum Format {
    PNG,
    NPY
  }

  @Mixin private ModelArguments model = new ModelArguments();
  @Mixin private ImageArguments images = new ImageArguments();

  @Option(
      names = "--rollout",
      description =
          "Attention rollout through all layers (Abnar and Zuidema 2020; mean of heads, residual"
              + " 0.5) instead of one layer.")
  private boolean rollout;

  @Option(
      names = "--layer",
      paramLabel = "N",
      description = "Layer from 0, or from the end with -1; default: the last.")
  private int layer = -1;

  @Option(
      names = "--heads",
      paramLabel = "NAME",
      description = "mean of the heads, or each: one map per head; default: ${DEFAULT-VALUE}.")
  private Heads heads = Heads.MEAN;

  enum Heads {
    MEAN,
    EACH
  }

  @Option(
      names = "--token",
      paramLabel = "NAME",
      description =
          "Whose attention: cls, distillation (DeiT) or patches (their mean); default: cls, or"
              + " patches in a model without a class token.")
  private @Nullable AttentionToken token;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description =
          "png: overlays, a file per map; npy: a NumPy file [images, rows, columns] float32, or"
              + " [images, heads, rows, columns], NaN for an image that cannot be read; default:"
              + " ${DEFAULT-VALUE}.")
  private Format format = Format.PNG;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "PATH",
      description = "png: a folder, default attention-maps; npy: a file, default standard output.")
  private @Nullable Path output;

  @Spec private CommandSpec spec;

  AttentionCommand() {}

  @Override
  public Integer call() throws IOException {
    if (rollout && (heads == Heads.EACH || layer != -1)) {
      throw new ParameterException(
          spec.commandLine(),
          "--rollout goes through all layers and heads: no --layer, no --heads");
    }
    PrintWriter notes = spec.commandLine().getErr();
    List<Path> files = images.expand(notes);
    OverlayFiles overlays =
        new OverlayFiles(output == null ? Path.of("attention-maps") : output, files);
    List<@Nullable List<PatchMap>> all = new ArrayList<>();
    // By object: the same file may be named twice.
    Map<Path, RgbImage> views = Collections.synchronizedMap(new IdentityHashMap<>());
    ImageRun run = new ImageRun(files, notes);
    try (VisionModel loaded = model.load(notes)) {
      notes.println("attention: weights computed beside the fused attention, unfused");
      run.run(
          ImagePipeline.of(loaded, 1, pixels -> List.of(maps(loaded, pixels))),
          image -> {
            RgbImage view = loaded.imageProcessor().view(image);
            views.put(image, view);
            return loaded.imageProcessor().normalize(view);
          },
          outcome -> {
            List<PatchMap> maps = outcome.result();
            RgbImage view = views.remove(outcome.item());
            if (outcome.problem() != null) {
              notes.println("tornado-vit: " + outcome.problem());
            }
            if (format == Format.PNG && maps != null && view != null) {
              draw(maps, view, overlays, outcome.item());
            }
            all.add(maps);
          });
    }
    if (format == Format.NPY) {
      writeNpy(all);
    }
    return run.report();
  }

  private List<PatchMap> maps(VisionModel loaded, Pixels image) {
    AttentionToken asked = token == null ? AttentionToken.of(loaded.config()) : token;
    if (rollout) {
      return List.of(loaded.attention().rollout(image, asked));
    }
    LayerAttention attention = loaded.attention().layers(image, layer).getFirst();
    return switch (heads) {
      case MEAN -> List.of(attention.mean(asked));
      case EACH ->
          IntStream.range(0, attention.heads())
              .mapToObj(head -> attention.map(asked, head))
              .toList();
    };
  }

  private void draw(List<PatchMap> maps, RgbImage view, OverlayFiles overlays, Path image)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    for (int head = 0; head < maps.size(); head++) {
      Path file = overlays.of(image, heads == Heads.EACH ? ".head" + head : "");
      Files.createDirectories(file.toAbsolutePath().getParent());
      RgbImage overlay = maps.get(head).over(view);
      WholeFile.write(file, target -> HeatMap.writePng(overlay, target));
      out.println(file);
      out.flush();
    }
  }

  private void writeNpy(List<@Nullable List<PatchMap>> all) throws IOException {
    List<PatchMap> any = all.stream().filter(maps -> maps != null).findFirst().orElse(List.of());
    int rows = any.isEmpty() ? 0 : any.getFirst().rows();
    int columns = any.isEmpty() ? 0 : any.getFirst().columns();
    List<float[]> entries = new ArrayList<>();
    for (List<PatchMap> maps : all) {
      float[] entry = new float[any.size() * rows * columns];
      Arrays.fill(entry, Float.NaN);
      for (int i = 0; maps != null && i < maps.size(); i++) {
        System.arraycopy(maps.get(i).toArray(), 0, entry, i * rows * columns, rows * columns);
      }
      entries.add(entry);
    }
    Shape shape =
        heads == Heads.EACH ? Shape.of(any.size(), rows, columns) : Shape.of(rows, columns);
    if (output == null) {
      write(entries, shape, new BufferedOutputStream(System.out));
    } else {
      WholeFile.write(output, target -> write(entries, shape, target));
    }
  }

  private static void write(List<float[]> entries, Shape shape, OutputStream target)
      throws IOException {
    NpyFile array = new NpyFile(entries.size(), shape, target);
    for (float[] entry : entries) {
      array.write(entry);
    }
    target.flush();
  }
}
