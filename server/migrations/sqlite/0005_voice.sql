-- How voices are encoded in a voice channel; NULL in others.
ALTER TABLE channel ADD COLUMN opus_bitrate INTEGER;
ALTER TABLE channel ADD COLUMN opus_dtx INTEGER;
ALTER TABLE channel ADD COLUMN opus_fec INTEGER;
UPDATE channel SET opus_bitrate = 64000, opus_dtx = 0, opus_fec = 1 WHERE kind = 'voice';

ALTER TABLE member ADD COLUMN muted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN deafened INTEGER NOT NULL DEFAULT 0;
