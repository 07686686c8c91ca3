package io.github.tornadovit.weights.layout;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.weights.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says of a path that holds no checkpoint what it holds, and what to do: a folder of a training
 * with checkpoints in it, an adapter, weights under another name, a model of another program.
 */
public final class WrongFolder {
  private static final String EXPECTED =
      "expected the folder that holds config.json and the weights";
  private static final String ADAPTER = "adapter_config.json";
  private static final List<String> WEIGHTS =
      Arrays.stream(WeightForm.values()).map(WeightForm::file).toList();
  private static final Pattern ARCHIVE =
      Pattern.compile(".*\\.(zip|tar|gz|tgz|bz2|tbz2|xz|txz|zst|7z|rar)");
  private static final Pattern UNFINISHED =
      Pattern.compile(".*\\.(incomplete|part|partial|crdownload|download|aria2)");
  private static final Pattern SHARD = Pattern.compile(".*-\\d+-of-\\d+\\.(safetensors|bin)");

  private final FolderListing listing;
  private final String name;

  private WrongFolder(Path folder, String name) {
    this.listing = FolderListing.of(folder, name);
    this.name = name;
  }

  /**
   * The error of a path that is no folder.
   *
   * @param name the path as the user would name it
   */
  public static CheckpointException noFolder(Path path, String name) {
    if (!Files.exists(path)) {
      return new CheckpointException(
          name,
          Files.exists(path, LinkOption.NOFOLLOW_LINKS)
              ? "is a link that leads nowhere, " + EXPECTED
              : "does not exist; give a folder that holds config.json and the weights");
    }
    return new CheckpointException(name, "is a file, " + EXPECTED + advice(path));
  }

  private static String advice(Path file) {
    String fileName = String.valueOf(file.getFileName());
    ForeignFormat foreign = ForeignFormat.of(fileName);
    if (foreign != null) {
      return "; it is " + foreign.explained();
    }
    Path folder = file.toAbsolutePath().getParent();
    boolean beside = folder != null && Files.exists(folder.resolve(CheckpointFiles.CONFIG));
    boolean known = WEIGHTS.contains(fileName) || fileName.endsWith(".json");
    if (ARCHIVE.matcher(fileName.toLowerCase(Locale.ROOT)).matches()
        && !fileName.endsWith(".pth.tar")) {
      return "; it is an archive: unpack it and give the folder that comes out";
    }
    if (known) {
      return beside ? "; give " + folder : "; put it beside its config.json and give that folder";
    }
    if (LooseWeights.isOne(fileName)) {
      return "; %s in %s"
          .formatted(
              LooseWeights.advice(file),
              beside ? folder + ", and give that" : "a folder beside its config.json");
    }
    return "";
  }

  /** The error of a folder without {@code config.json}. */
  public static CheckpointException withoutConfig(Path folder, String name) {
    WrongFolder wrong = new WrongFolder(folder, name);
    return wrong.error(
        "has no config.json, expected one beside the weights; " + wrong.reasonWithoutConfig());
  }

  /** The error of a folder that has {@code config.json} and no weights. */
  public static CheckpointException withoutWeights(Path folder, String name) {
    WrongFolder wrong = new WrongFolder(folder, name);
    return wrong.error(
        "has no weights, expected model.safetensors or pytorch_model.bin, or the .index.json of"
            + " one; "
            + wrong.reasonWithoutWeights());
  }

  /** Whether an adapter lies in a folder. */
  public static boolean holdsAdapter(Path folder) {
    return Files.exists(folder.resolve(ADAPTER));
  }

  private CheckpointException error(String problem) {
    return new CheckpointException(name, problem);
  }

  private String reasonWithoutConfig() {
    String common = reason(List.of(CheckpointFiles.CONFIG));
    if (common != null) {
      return common;
    }
    List<String> caches = listing.names().stream().filter(HubFolder::isName).toList();
    if (!caches.isEmpty()) {
      return "it is the cache of the hub: give one of its folders (%s), or organisation/name"
          .formatted(FolderListing.shown(caches));
    }
    if (listing.has("probe.json")) {
      return "it is a probe, as probe train writes it: give the folder of its model, and this to"
          + " the commands probe";
    }
    List<String> weights =
        listing.files(file -> WEIGHTS.contains(file) || LooseWeights.isOne(file));
    if (!weights.isEmpty()) {
      return "it holds %s: copy config.json and preprocessor_config.json of the model that it was trained from beside it"
          .formatted(FolderListing.shown(weights));
    }
    return reasonOfFormat("is this the right folder? It holds ");
  }

  private String reasonWithoutWeights() {
    String common = reason(WEIGHTS);
    if (common != null) {
      return common;
    }
    List<String> shards = listing.files(file -> SHARD.matcher(file).matches());
    if (!shards.isEmpty()) {
      return "it holds %s, parts whose index is missing: copy %s beside them"
          .formatted(
              FolderListing.shown(shards),
              shards.getFirst().endsWith(".bin")
                  ? WeightForm.PYTORCH_SHARDS.file()
                  : WeightForm.SAFETENSORS_SHARDS.file());
    }
    List<String> unfinished = listing.files(file -> UNFINISHED.matcher(file).matches());
    if (!unfinished.isEmpty()) {
      return "it holds %s, a download that was not finished"
          .formatted(FolderListing.shown(unfinished));
    }
    List<String> loose = listing.files(LooseWeights::isOne);
    if (loose.size() == 1) {
      return LooseWeights.advice(listing.path(loose.getFirst()));
    }
    if (!loose.isEmpty()) {
      return "it holds %s: call the one that is meant model.safetensors, or pytorch_model.bin if torch.save wrote it"
          .formatted(FolderListing.shown(loose));
    }
    return reasonOfFormat("TensorFlow and Flax weights are not read; it holds ");
  }

  /** What is the same whichever file is missing; null if none of that is there. */
  private @Nullable String reason(List<String> wanted) {
    if (listing.has(ADAPTER)) {
      return "it is " + adapter(listing.folder(), name);
    }
    for (String file : wanted) {
      if (listing.has(file)) {
        return file + " is a link that leads nowhere: download or copy it again";
      }
    }
    List<String> folders = listing.foldersWith(wanted);
    if (!folders.isEmpty()) {
      return inside(folders);
    }
    List<String> adapters = listing.foldersWith(List.of(ADAPTER));
    if (!adapters.isEmpty()) {
      String newest = adapters.getLast();
      return "its folder %s is %s"
          .formatted(newest, adapter(listing.path(newest), name + "/" + newest));
    }
    return null;
  }

  private String inside(List<String> folders) {
    List<String> newestFirst = folders.reversed();
    boolean training = folders.stream().allMatch(folder -> folder.startsWith("checkpoint-"));
    List<String> paths = newestFirst.stream().map(folder -> name + "/" + folder).toList();
    if (paths.size() == 1) {
      return "give its folder " + paths.getFirst();
    }
    return training
        ? "it is the folder of a training: give one of its checkpoints, the newest first: "
            + FolderListing.shown(paths)
        : "give one of its folders: " + FolderListing.shown(paths);
  }

  private static String adapter(Path folder, String name) {
    String base = null;
    String type = null;
    try {
      byte[] content = Files.readAllBytes(folder.resolve(ADAPTER));
      JsonObject json = JsonObject.parse(content, name + "/" + ADAPTER);
      base = json.text("base_model_name_or_path");
      type = json.text("peft_type");
    } catch (IOException | CheckpointException unreadable) {
      // The advice holds without the names.
    }
    return ("an adapter%s of %s, without that model's weights: merge it first, in Python:"
            + " PeftModel.from_pretrained(AutoModelForImageClassification.from_pretrained(\"%s\","
            + " num_labels=LABELS, ignore_mismatched_sizes=True), \"%s\").merge_and_unload()"
            + ".save_pretrained(\"MERGED\")")
        .formatted(
            type == null ? "" : " (" + type + ")",
            base == null ? "its base model" : base,
            base == null ? "BASE" : base,
            name);
  }

  /** A model of another program, or what lies there. */
  private String reasonOfFormat(String otherwise) {
    for (String file : listing.names()) {
      ForeignFormat foreign = ForeignFormat.of(file);
      if (foreign != null) {
        return "it holds %s, %s".formatted(file, foreign.explained());
      }
    }
    for (String folder : listing.names()) {
      ForeignFormat foreign = ForeignFormat.of("." + folder);
      if (foreign != null && Files.isDirectory(listing.path(folder))) {
        return "it holds the folder %s, %s".formatted(folder, foreign.explained());
      }
    }
    List<String> training = listing.files(LooseWeights::isOfTraining);
    if (!training.isEmpty()) {
      return "%s is state of a training, and no model; it holds %s"
          .formatted(training.getFirst(), listing.summary());
    }
    return otherwise + listing.summary();
  }
}
