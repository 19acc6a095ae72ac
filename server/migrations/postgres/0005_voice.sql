-- How voices are encoded in a voice channel; NULL in others.
ALTER TABLE channel ADD COLUMN opus_bitrate BIGINT;
ALTER TABLE channel ADD COLUMN opus_dtx BIGINT;
ALTER TABLE channel ADD COLUMN opus_fec BIGINT;
UPDATE channel SET opus_bitrate = 64000, opus_dtx = 0, opus_fec = 1 WHERE kind = 'voice';

ALTER TABLE member ADD COLUMN muted BIGINT NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN deafened BIGINT NOT NULL DEFAULT 0;
