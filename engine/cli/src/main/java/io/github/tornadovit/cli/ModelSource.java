package io.github.tornadovit.cli;

import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.hub.HubModel;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say which model: a folder, one of the hub, or the embedded demo. */
final class ModelSource {
  /** A model's page, of which the first two parts of the path are the name. */
  private static final Pattern ADDRESS =
      Pattern.compile("https?://[^/]+/([^/]+/[^/?#]+)(?:[/?#].*)?");

  @Option(
      names = "--model",
      paramLabel = "DIR|HUB_ID",
      description =
          "Folder with config.json, preprocessor_config.json and the weights, or a model of the"
              + " Hugging Face hub as organisation/name or organisation/name@revision; a folder of"
              + " that name comes first. Default: the embedded demo checkpoint (faces, drawn, with"
              + " and without masks).")
  private @Nullable String model;

  @Option(
      names = "--offline",
      description = "Take a model of the hub from the cache, and leave the network alone.")
  private boolean offline;

  private @Nullable Path fetched;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  ModelSource() {}

  /** The model, for messages. */
  String name() {
    return model == null ? "embedded demo ViT" : model;
  }

  /** The model's name without where it is: that of its folder, or of the hub behind the slash. */
  String shortName() {
    if (model == null) {
      return "demo";
    }
    Path folder = Path.of(model).toAbsolutePath().normalize().getFileName();
    String last = folder == null ? "model" : folder.toString();
    return Files.exists(Path.of(model)) ? last : last.replaceFirst("@.*", "");
  }

  boolean isDemo() {
    return model == null;
  }

  /** Loads the model, which may download it first. */
  VisionModel load(ModelOptions options, PrintWriter notes) {
    Path folder = folder(notes);
    return folder == null
        ? VisionModel.load(DemoCheckpoint.VIT, options)
        : VisionModel.load(folder, options);
  }

  /** Opens the model's checkpoint, which may download it first. */
  Checkpoint open(PrintWriter notes) {
    Path folder = folder(notes);
    return folder == null ? DemoCheckpoint.VIT.open() : Checkpoint.open(folder);
  }

  /** Null for the demo. A model of the hub is asked for once, however often it is loaded. */
  private @Nullable Path folder(PrintWriter notes) {
    if (model == null) {
      return null;
    }
    Path local = Path.of(model);
    if (Files.exists(local)) {
      return local;
    }
    Matcher address = ADDRESS.matcher(model);
    if (address.matches()) {
      throw new IllegalArgumentException(
          "%s: is an address; give the name: --model %s".formatted(model, address.group(1)));
    }
    if (!HubModel.isName(model)) {
      return local;
    }
    if (fetched == null) {
      fetched = HubFetch.fetch(hubModel(model, command), offline, notes);
      notes.println("model: " + model + ", " + fetched);
      notes.flush();
    }
    return fetched;
  }

  /** A name that is none is wrong usage. */
  static HubModel hubModel(String name, CommandSpec command) {
    try {
      return HubModel.of(name);
    } catch (IllegalArgumentException malformed) {
      throw new ParameterException(command.commandLine(), malformed.getMessage(), malformed);
    }
  }
}
