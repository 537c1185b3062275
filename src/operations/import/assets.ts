// Recognises files that pages load (styles, scripts, images) and downloads. Requests for them are not views.

const EXTENSIONS = new Set(
  [
    'css js mjs cjs map json xml xsl txt wasm webmanifest',
    'png jpg jpeg gif svg webp avif heic ico cur bmp tif tiff',
    'woff woff2 ttf otf eot',
    'mp3 mp4 m4a m4v m3u8 aac opus ogg ogv webm wav flac mov avi mkv flv swf vtt',
    'pdf ps rtf doc docx xls xlsx ppt pptx odt ods odp epub mobi csv',
    'zip gz tgz bz2 xz zst 7z rar tar jar war exe msi dmg pkg iso img deb rpm apk bin torrent',
    'rss atom',
  ].flatMap((line) => line.split(' ')),
);

/** Whether the extension shows that a file is not a page: `/style.css`, `/favicon.ico`, `/robots.txt`. `path` has no query. */
export function isAsset(path: string): boolean {
  const dot = path.lastIndexOf('.');
  if (dot < 0 || path.length - dot > 12) return false;
  const extension = path.slice(dot + 1);
  return EXTENSIONS.has(extension) || EXTENSIONS.has(extension.toLowerCase());
}
